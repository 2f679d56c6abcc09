import { Agent, request } from 'undici';

/**
 * Posts `count` times the same body with the same headers over kept connections, to some addresses in turn, `atOnce` at a
 * time to each, and nothing else: what the HTTP client can do at best. Gives the time it took, ms.
 * @throws Error where an answer is not a success.
 */
export async function barePosts(
  urls: readonly string[],
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  count: number,
  atOnce: number,
): Promise<number> {
  const agent = new Agent({ connections: atOnce, pipelining: 1, keepAliveTimeout: 60_000 });
  let left = count;
  const line = async (url: string): Promise<void> => {
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
  await Promise.all(urls.flatMap((url) => Array.from({ length: atOnce }, () => line(url))));
  const tookMs = performance.now() - beganMs;
  await agent.close();
  return tookMs;
}
