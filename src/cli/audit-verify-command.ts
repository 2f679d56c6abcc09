import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ChainFaultKind, ChainVerdict } from '../ports/audit-chain.js';
import { type KeptHead, type VerifyDeps, verifyAudit } from '../usecases/verify-audit.js';

const USAGE = `用法: npm run --silent audit:verify -- [--heads FILE] [--against FILE]...
  --heads FILE    全部完好时, 把各链的链头(末条的序号与哈希)写入文件, 请另处保存
  --against FILE  与此前保存的链头比较, 可给多个
退出码: 0 完好, 1 有问题, 2 输入有误, 3 没有可核对的记录, 4 没有核对成`;

/** How the command ends. */
export const AUDIT_EXIT = { whole: 0, broken: 1, badInput: 2, nothing: 3, failed: 4 } as const;

const FAULT_WORDS: Readonly<Record<ChainFaultKind, string>> = {
  changed: '内容与哈希不符, 被改过',
  missing: '缺失',
  reordered: '顺序被换',
  forked: '不接前一条, 或同一序号有两条',
  cut: '起的尾部被截去',
  headBroken: '与链头不符, 或链头不在',
  rewritten: '与此前保存的链头不符, 此条或更早的被重写',
};

const keptSchema = z.strictObject({
  heads: z.array(
    z.strictObject({
      chain: z.string().regex(/^\d{6}$/),
      position: z.int().min(1),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** What the command needs of the machine. */
export interface AuditVerifyIo {
  /** @throws where the file can't be read or written. */
  readFile(file: string): Promise<string>;
  writeFile(file: string, text: string): Promise<void>;
  print(line: string): void;
  complain(line: string): void;
}

function lineOf({ chain, entries, head, fault }: ChainVerdict): string {
  const reach = head === null ? '' : `, 链头 ${head.position} ${head.hash}`;
  if (fault === null) return `${chain}  ${entries} 条${reach}  完好 ok`;
  return `${chain}  ${entries} 条, 第 ${fault.position} 条${FAULT_WORDS[fault.kind]}  有问题 ${fault.kind}`;
}

async function readKept(io: AuditVerifyIo, files: readonly string[]): Promise<readonly KeptHead[] | null> {
  const kept: KeptHead[] = [];
  for (const file of files) {
    try {
      kept.push(...keptSchema.parse(JSON.parse(await io.readFile(file))).heads);
    } catch {
      io.complain(`${file} 读不到, 或不是 --heads 写的文件`);
      return null;
    }
  }
  return kept;
}

function readArguments(args: readonly string[]): { readonly heads: string | null; readonly against: string[] } | null {
  try {
    const options = { heads: { type: 'string' }, against: { type: 'string', multiple: true } } as const;
    const { heads = null, against = [] } = parseArgs({ args: [...args], options }).values;
    return { heads, against };
  } catch {
    return null;
  }
}

/**
 * Checks every audit chain and prints a line for each. A tail that was cut off together with its head, or written and
 * sealed anew, is found only by heads kept elsewhere (`--against`).
 * @returns the exit code, one of AUDIT_EXIT.
 * @throws AppError `storeUnavailable`.
 */
export async function auditVerify(deps: VerifyDeps, args: readonly string[], io: AuditVerifyIo): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) {
    io.complain(USAGE);
    return AUDIT_EXIT.badInput;
  }
  const kept = await readKept(io, asked.against);
  if (kept === null) return AUDIT_EXIT.badInput;
  const verdicts = await verifyAudit(deps, kept);
  for (const verdict of verdicts) io.print(lineOf(verdict));
  const broken = verdicts.filter(({ fault }) => fault !== null).length;
  const entries = verdicts.reduce((sum, verdict) => sum + verdict.entries, 0);
  if (broken > 0) {
    io.print(`${verdicts.length} 条链中 ${broken} 条有问题`);
    return AUDIT_EXIT.broken;
  }
  if (entries === 0) {
    io.complain('没有可核对的记录: 库里一条审计记录也没有');
    return AUDIT_EXIT.nothing;
  }
  io.print(`${verdicts.length} 条链共 ${entries} 条记录, 全部完好`);
  if (kept.length === 0) io.print('没有与此前保存的链头比较(--against): 连同链头一起被截去或重写的, 这样查不出');
  if (asked.heads === null) return AUDIT_EXIT.whole;
  const heads = verdicts.flatMap(({ chain, head }) => (head === null ? [] : [{ chain, ...head }]));
  try {
    await io.writeFile(asked.heads, `${JSON.stringify({ heads }, null, 2)}\n`);
  } catch {
    io.complain(`写不了文件 ${asked.heads}`);
    return AUDIT_EXIT.badInput;
  }
  return AUDIT_EXIT.whole;
}
