import { Agent, request } from 'undici';

/**
 * Posts `count` times the same body with the same headers over kept connections, `atOnce` at a time, and nothing else:
 * what the HTTP client can do at best. Gives the time it took, ms.
 * @throws Error where an answer is not a success.
 */
export async function barePosts(
  url: string,
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  count: number,
  atOnce: number,
): Promise<number> {
  const agent = new Agent({ connections: atOnce, pipelining: 1, keepAliveTimeout: 60_000 });
  let left = count;
  const line = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await request(url, {
        method: 'POST',
        body: message.body,
        headers: { ...message.headers },
        dispatcher: agent,
      });
      await answer.body.dump();
      if (answer.statusCode !== 204) throw new Error(`answered ${answer.statusCode}`);
    }
  };
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, line));
  const tookMs = performance.now() - beganMs;
  await agent.close();
  return tookMs;
}
