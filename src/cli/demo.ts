import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../seeds/files.js';
import { readDemo } from '../config.js';
import type { MatchView } from '../usecases/use-cases.js';
import { matchTables } from './match-tables.js';
import { type SessionHeaders, signIn } from './sign-in.js';

/** Parks shown of each need; the page, the API and `match` show more. */
const SHOWN = 8;
/** Lines shown of each park that can't take the need: failing gates on the left, steps on the right. */
const LINES_SHOWN = 3;
const WAIT_S = 10;
const ATTEMPTS = 6;

const submitted = z.object({ id: z.string(), links: z.object({ matches: z.string() }) });
const titled = z.object({ title: z.string(), gbt: z.string() });

/** A running API and the session under which the demo asks it. */
interface Client {
  readonly api: string;
  readonly headers: SessionHeaders;
}

async function submit({ api, headers }: Client, body: string): Promise<z.infer<typeof submitted>> {
  const response = await fetch(new URL('/api/v1/needs', api), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  if (response.status !== 202) throw new Error(`POST /api/v1/needs 答复 ${response.status}: ${await response.text()}`);
  return submitted.parse(await response.json());
}

async function settled({ api, headers }: Client, link: string): Promise<Extract<MatchView, { status: 'ready' }>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const response = await fetch(new URL(`${link}?wait=${WAIT_S}`, api), { headers: { ...headers } });
    const view = (await response.json()) as MatchView;
    if (view.status === 'ready') return view;
    if (view.status === 'failed') throw new Error(`匹配失败: ${view.failure}`);
  }
  throw new Error(`${ATTEMPTS * WAIT_S} 秒内没有结果`);
}

/** Submits every example need over HTTP, waits for the workers and prints what they found. */
async function run(): Promise<void> {
  const { api, loginName, password } = readDemo();
  const client: Client = { api, headers: await signIn(api, loginName, password) };
  const folder = path.join(packageRoot(), 'seeds', 'examples');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const needs = await Promise.all(
    files.map(async (file) => {
      const body = await readFile(path.join(folder, file), 'utf8');
      return { file, body, ...titled.parse(JSON.parse(body)) };
    }),
  );
  for (const { file, body, title, gbt } of needs) {
    const { id, links } = await submit(client, body);
    const view = await settled(client, links.matches);
    process.stdout.write(`\n━━ ${title} · GB/T ${gbt} · seeds/examples/${file} · ${id}\n`);
    process.stdout.write(`${matchTables(view, SHOWN, LINES_SHOWN)}\n`);
  }
  process.stdout.write(`
接下来可以:
  npm run demo -- --serve                                        演示服务不退出,可用浏览器和 curl 继续看
  接口说明      ${new URL('/api/docs', api).href}(服务在运行时)
  登录          按上面的演示账号;README 的“A tour of five minutes”逐步演示登录、提交、推送、预留
  不开服务排序  npm run --silent match -- seeds/examples/${files[0] ?? 'need.json'} --top 20
`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`演示没有完成: ${error instanceof Error ? error.message : '原因不明'}\n`);
  process.exitCode = 1;
}
