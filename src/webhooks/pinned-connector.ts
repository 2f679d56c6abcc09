import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressRules } from './address-rules.js';
import type { CheckedAddresses } from './checked-addresses.js';
import { SendFailure } from './send-failure.js';

/**
 * Makes connections to checked addresses only: the answer that was checked is the answer that is connected to, so a name
 * that changes its mind between the two (DNS rebinding) gains nothing. TLS and `Host` still see the name.
 */
export function pinnedConnector(
  addresses: CheckedAddresses,
  rules: AddressRules,
  timeoutMs: number,
): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, callback) => {
    addresses.of(hostname).then(
      (checked) => {
        const [head] = checked;
        if (options.all === true) callback(null, [...checked]);
        else if (head !== undefined) callback(null, head.address, head.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
  const connect = buildConnector({ lookup, timeout: timeoutMs });
  return (options, callback) => {
    // Node does not look up what is an address already.
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && rules.refuses(literal)) return callback(new SendFailure('refusedAddress'), null);
    connect(options, (...[error, socket]) => {
      // With an error undici gives no socket at all, whatever its types say.
      if (error !== null) return callback(error, null);
      // The last word: what the connection really leads to.
      if (rules.refuses(socket.remoteAddress ?? '')) {
        socket.destroy();
        return callback(new SendFailure('refusedAddress'), null);
      }
      callback(null, socket);
    });
  };
}
