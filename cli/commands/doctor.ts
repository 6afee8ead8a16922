/** Owns `doctor`: what stands between this command line and functions that run. */
import { defineCommand, exactly } from '../command.ts'
import { formatWithoutNames, type OutputFormat } from '../config/settings.ts'
import { diagnose, type Finding } from '../diagnosis.ts'
import { type Json, renderJson } from '../format/json.ts'
import { cleanText, paint } from '../format/terminal.ts'
import type { Session } from '../session.ts'

/** A config file that cannot be read is to be told as a finding. */
async function findFormat(session: Session): Promise<OutputFormat> {
  return formatWithoutNames(await session.settings().catch(() => session.flagSettings()))
}

const colors = { ok: 'green', problem: 'red', skipped: 'yellow' } as const
/** For programs; null: it is not known. */
const verdicts = { ok: true, problem: false, skipped: null } as const

function renderFinding({ state, subject, text }: Finding, colored: boolean): string {
  const word = state.padEnd('problem'.length)
  const shown = colored ? paint(word, colors[state]) : word
  return `${shown}  ${subject}: ${cleanText(text)}\n`
}

export const command = defineCommand({
  usage: '',
  description:
    'Look for problems: the config file, its context, the server, its version, health, clock and disk, then images, functions, subscriptions and event drivers. Each line says ok, or what to do, or why it was skipped; with a problem the exit code is 1. With -o json, ok is null for what was skipped.',
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const findings: Finding[] = []
    const output = await findFormat(session)
    const colored = output === 'table' && (await session.isColored().catch(() => false))
    for await (const finding of diagnose(session, io)) {
      findings.push(finding)
      if (output === 'table') io.stdout.write(renderFinding(finding, colored))
    }
    const told: Json = findings.map(({ subject, state, text }) => ({ subject, ok: verdicts[state], text }))
    if (output === 'json') session.print(renderJson(told, 4))
    if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(told))
    return findings.some(({ state }) => state === 'problem') ? 1 : 0
  },
})
