// Receives messages of Shanhai Match and verifies them. Node 20, no packages.
//   WEBHOOK_SECRET=whsec_... PORT=4000 node receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const TOLERANCE_S = 5 * 60;
const BODY_MAX = 64 * 1024;
const SEEN_MAX = 10_000;

/** Why a message is refused; null if it is genuine. `body` are the bytes as they came, before any parsing. */
function refusal(secret, headers, body, nowS = Date.now() / 1000) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!id || !timestamp || !signatures) return 'a webhook header is missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is no number';
  if (Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) return 'the timestamp is more than 5 minutes off';
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  // One signature for each key: two for 24 hours after a rotation. Other schemes than v1 are passed over.
  const genuine = signatures.split(' ').some((signature) => {
    const [scheme, value = ''] = signature.split(',', 2);
    const given = Buffer.from(value, 'base64');
    return scheme === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return genuine ? null : 'no signature fits';
}

/** Ids that were handled. Keep them in your database, in the transaction that does the work. */
const seen = new Set();

function handle(id, message) {
  if (seen.has(id)) return console.log(`repeat ${id}`);
  console.log(`new ${id} ${message.type} ${JSON.stringify(message.data)}`);
  seen.add(id);
  if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value);
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const secret = process.env.WEBHOOK_SECRET ?? '';
if (!secret.startsWith('whsec_')) throw new Error('set WEBHOOK_SECRET to the secret of the endpoint, whsec_...');

const server = createServer(async (request, response) => {
  const answer = (status) => response.writeHead(status).end();
  try {
    if (request.method !== 'POST') return answer(405);
    const body = await bodyOf(request);
    if (body === null) return answer(413);
    const reason = refusal(secret, request.headers, body);
    if (reason !== null) {
      console.log(`refused: ${reason}`);
      return answer(400);
    }
    handle(request.headers['webhook-id'], JSON.parse(body.toString('utf8')));
    answer(204);
  } catch (error) {
    // Anything but 2xx: the message comes again later.
    console.error(error);
    answer(500);
  }
});
server.listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
