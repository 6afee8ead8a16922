/** Owns `audit verify`: whether a line of the audit log was changed or removed, by the server's word or by the files themselves. */

import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type LogFile, type Verdict, verifyLog } from '../../server/audit/chain.ts'
import type { ApiClient } from '../client.ts'
import { anyNumber, defineCommand } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { describeFileError, Failure, UsageError } from '../failure.ts'
import { loadText } from '../files.ts'
import { integerOf, type Json, numberOf, objectOf, renderJson, textOf } from '../format/json.ts'
import type { Io } from '../io.ts'

const problem = 'error when reading the audit log'

/** A folder stands for the log in it, whose head is there too. */
async function findFiles(
  words: readonly string[],
  cwd: string,
): Promise<{ paths: readonly string[]; headText?: string }> {
  const [only = ''] = words
  const folder = resolve(cwd, only)
  const isFolder = words.length === 1 && (await stat(folder).catch(() => undefined))?.isDirectory()
  if (!isFolder) return { paths: words }
  const names = await readdir(folder).catch(thrown => {
    throw new Failure(`${problem}: ${describeFileError(thrown, 'open', only)}`)
  })
  const paths = names.filter(name => name.endsWith('.jsonl')).toSorted()
  if (paths.length === 0) throw new Failure(`${problem}: there are no files of it in ${only}`)
  const headText = names.includes('head') ? await loadText({ cwd, path: join(folder, 'head') }, problem) : ''
  return { paths: paths.map(name => join(folder, name)), headText }
}

async function* readFiles(paths: readonly string[], cwd: string): AsyncGenerator<LogFile> {
  for (const path of paths) yield { name: basename(path), text: await loadText({ cwd, path }, problem) }
}

async function verifyFiles(words: readonly string[], hash: string | undefined, { cwd }: Io): Promise<Verdict> {
  const verifyOnce = async (): Promise<Verdict> => {
    const { paths, headText } = await findFiles(words, cwd)
    return verifyLog(readFiles(paths, cwd), { headText, hash })
  }
  const verdict = await verifyOnce()
  // A server may be writing there: what is wrong is so the second time too.
  return verdict.fault ? verifyOnce() : verdict
}

async function askServer(client: ApiClient): Promise<Verdict> {
  const answer = objectOf(await client.request({ method: 'GET', path: ['v1', 'audit', 'verification'] }))
  const { file, lineInFile, cause } = objectOf(answer.fault ?? null)
  const { number, hash } = objectOf(answer.last ?? null)
  return {
    lines: Number(integerOf(answer.lines)),
    first: Number(integerOf(answer.first)),
    last: { number: Number(integerOf(number)), hash: textOf(hash) },
    ...(answer.fault && {
      fault: { file: textOf(file), lineInFile: Number(integerOf(lineInFile)), cause: textOf(cause) },
    }),
  }
}

const count = (value: number): Json => numberOf(String(value))

function renderVerdict({ lines, first, last, fault }: Verdict): Json {
  return {
    lines: count(lines),
    first: count(first),
    last: { number: count(last.number), hash: last.hash },
    ...(fault && { fault: { ...fault, lineInFile: count(fault.lineInFile) } }),
  }
}

function check({ fault, holdsHash }: Verdict, hash: string): void {
  if (fault) {
    const { file, lineInFile, cause } = fault
    throw new Failure(`the audit log was changed: ${[file, lineInFile || ''].filter(Boolean).join(':')}: ${cause}`)
  }
  if (holdsHash === false)
    throw new Failure(`no line has the hash ${hash}: the log was written anew, or the line went for its age`)
}

export const command = defineCommand({
  usage: '[FOLDER | FILE...]',
  description:
    'Check that no line of the audit log was changed, moved or removed: the server checks its own, or this command the files of a copy, in their order. With a fault the exit code is 1 and the message says where.',
  examples: ['dispatch audit verify', 'dispatch audit verify /var/lib/dispatch/data/audit'],
  arity: anyNumber,
  flags: {
    holds: { kind: 'text', value: 'HASH', summary: 'the hash that a line is known to have had; needs files' },
  },
  async run({ args, flags: { holds }, session, io }) {
    if (holds !== '' && args.length === 0) throw new UsageError('--holds needs the files of the log')
    const output = formatWithoutNames(args.length > 0 ? session.flagSettings() : await session.settings())
    const hash = holds === '' ? undefined : holds
    const verdict = args.length > 0 ? await verifyFiles(args, hash, io) : await askServer(await session.client())
    if (output === 'json') session.print(renderJson(renderVerdict(verdict), 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(renderVerdict(verdict)))
    check(verdict, holds)
    if (output !== 'table') return 0
    const { lines, first, last } = verdict
    session.report(lines === 0 ? 'The audit log is empty' : `Verified: lines ${first} to ${last.number}`)
    if (lines > 0) session.report(`Hash of the last line: ${last.hash}`)
    return 0
  },
})
