import { MemoryAccountStore } from '../../src/memory/account-store.js';
import { MemoryPasswordHasher } from '../../src/memory/passwords.js';
import { MemoryThrottle } from '../../src/memory/throttle.js';
import { systemIds } from '../../src/system.js';
import { describeAccountStoreConformance } from '../support/conformance/account-store.js';
import { describePasswordHasherConformance } from '../support/conformance/password-hasher.js';
import { describeSignInThrottleConformance } from '../support/conformance/sign-in-throttle.js';
import { realClock } from '../support/real-clock.js';

describeAccountStoreConformance('memory', async () => {
  const accounts = new MemoryAccountStore();
  return { accounts, outbox: accounts.outbox };
});
describePasswordHasherConformance('memory', () => new MemoryPasswordHasher(systemIds));
describeSignInThrottleConformance('memory', async (limits) => new MemoryThrottle(realClock, limits));
