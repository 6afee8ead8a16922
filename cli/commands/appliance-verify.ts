/** Owns `appliance verify`: whether an .ova holds what it claims, checked by this command alone. */

import { resolve } from 'node:path'
import { verifyOva } from '../../ova/verify.ts'
import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames } from '../config/settings.ts'
import { describeFileError, Failure } from '../failure.ts'
import { type Json, numberOf, renderJson } from '../format/json.ts'
import { renderTable } from '../format/table.ts'
import type { Io } from '../io.ts'

type Checks = Awaited<ReturnType<typeof verifyOva>>

const isBroken = ({ findings }: Checks[number]): boolean => findings.length > 0

/** A large file takes a while: nobody has to wait for it after Ctrl-C. */
function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(new Failure('interrupted'))
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
}

async function verify(path: string, { cwd, interrupted }: Io): Promise<Checks> {
  const checks = verifyOva(resolve(cwd, path)).catch(thrown => {
    throw new Failure(`error when reading the appliance: ${describeFileError(thrown, 'open', path)}`)
  })
  return Promise.race([checks, rejectWhen(interrupted)])
}

function renderTables(checks: Checks): string {
  const claims = renderTable({
    titles: ['RESULT', 'CLAIM'],
    rows: checks.map(check => [isBroken(check) ? 'broken' : 'ok', check.claim]),
  })
  const findings = checks.flatMap(check => check.findings)
  if (findings.length === 0) return claims
  const places = renderTable({
    titles: ['MEMBER', 'BYTE', 'PROBLEM', 'EXPECTED'],
    rows: findings.map(({ member, offset, problem, expected }) => [member, String(offset), problem, expected]),
  })
  return `${claims}\n${places}`
}

const toJson = (checks: Checks): Json =>
  checks.map(check => ({
    claim: check.claim,
    ok: !isBroken(check),
    findings: check.findings.map(({ offset, ...finding }) => ({ ...finding, offset: numberOf(String(offset)) })),
  }))

export const command = defineCommand({
  usage: 'FILE.ova',
  description:
    'Open an appliance file and check every claim that it makes: archive, manifest, descriptor, hardware, properties and disk. Each finding names the member and the byte. When a claim is broken the exit code is 1. No server is asked.',
  examples: ['dispatch appliance verify dispatch-solo-0.1.0-amd64.ova'],
  arity: exactly(1),
  flags: {},
  async run({ args: [path = ''], session, io }) {
    const output = formatWithoutNames(session.flagSettings())
    const checks = await verify(path, io)
    if (output === 'table') io.stdout.write(renderTables(checks))
    if (output === 'json') session.print(renderJson(toJson(checks), 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(toJson(checks)))
    const broken = checks.filter(isBroken).length
    if (broken > 0) throw new Failure(`${path} breaks ${broken} of ${checks.length} claims: build or download it again`)
    return 0
  },
})
