import { describe, expect, it } from 'vitest';
import type { SignInLimits, SignInThrottle } from '../../../src/ports/passwords.js';
import { realClock } from '../real-clock.js';

const LIMITS: SignInLimits = {
  perAddress: { attempts: 4, windowS: 60 },
  perName: { attempts: 2, windowS: 900 },
};

/** What every SignInThrottle must do. `make` gives one that has counted nothing. */
export function describeSignInThrottleConformance(
  name: string,
  make: (limits: SignInLimits) => Promise<SignInThrottle>,
): void {
  describe(`SignInThrottle: ${name}`, () => {
    it('lets so many attempts on a name through, from wherever they come, then says how long to wait', async () => {
      const throttle = await make(LIMITS);
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
      expect(await throttle.attempt('10.0.0.2', 'wang')).toBeNull();
      const waitS = await throttle.attempt('10.0.0.3', 'wang');
      expect(waitS).toBeGreaterThan(890);
      expect(waitS).toBeLessThanOrEqual(900);
      expect(await throttle.attempt('10.0.0.1', 'li')).toBeNull();
    });

    it('lets so many attempts of an address through, on whatever names', async () => {
      const throttle = await make(LIMITS);
      for (const tried of ['a', 'b', 'c', 'd']) expect(await throttle.attempt('10.0.0.1', tried)).toBeNull();
      const waitS = await throttle.attempt('10.0.0.1', 'e');
      expect(waitS).toBeGreaterThan(50);
      expect(waitS).toBeLessThanOrEqual(60);
      expect(await throttle.attempt('10.0.0.2', 'a')).toBeNull();
    });

    it('does not count on a name what an address tries beyond its limit', async () => {
      const throttle = await make(LIMITS);
      for (const tried of ['a', 'b', 'c', 'd']) await throttle.attempt('10.0.0.1', tried);
      for (let tries = 0; tries < 5; tries += 1) expect(await throttle.attempt('10.0.0.1', 'wang')).not.toBeNull();
      expect(await throttle.attempt('10.0.0.2', 'wang')).toBeNull();
    });

    it('forgets the attempts on a name after a right password, not those of the address', async () => {
      const throttle = await make(LIMITS);
      await throttle.attempt('10.0.0.1', 'wang');
      await throttle.attempt('10.0.0.1', 'wang');
      await throttle.succeeded('wang');
      await throttle.succeeded('nobody');
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
      expect(await throttle.attempt('10.0.0.1', 'li')).not.toBeNull();
    });

    it('lets exactly the limit through when many try at once', async () => {
      const throttle = await make(LIMITS);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => throttle.attempt(`10.0.1.${index}`, 'wang')),
      );
      expect(answers.filter((answer) => answer === null)).toHaveLength(2);
    });

    it('begins anew when the window is over', async () => {
      const throttle = await make({ ...LIMITS, perName: { attempts: 1, windowS: 1 } });
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBe(1);
      await realClock.sleep(1_050);
      expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
    });
  });
}
