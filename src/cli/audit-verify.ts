import { readFile, writeFile } from 'node:fs/promises';
import { readConfig } from '../config.js';
import { AppError } from '../domain/errors.js';
import { createLog } from '../log.js';
import { wireAudit } from '../wiring/index.js';
import { AUDIT_EXIT, auditVerify } from './audit-verify-command.js';

try {
  const { auditStore, ids, close } = await wireAudit(
    readConfig(),
    createLog({ level: 'error', process: 'audit-verify' }),
  );
  try {
    process.exitCode = await auditVerify({ auditStore, digest: ids.digest }, process.argv.slice(2), {
      readFile: (file) => readFile(file, 'utf8'),
      writeFile: (file, text) => writeFile(file, text),
      print: (line) => process.stdout.write(`${line}\n`),
      complain: (line) => process.stderr.write(`${line}\n`),
    });
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`没有核对成: ${error instanceof AppError ? error.code : '原因不明'}\n`);
  process.exitCode = AUDIT_EXIT.failed;
}
