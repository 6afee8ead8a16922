/** Owns one run of the CLI in process: command line in, exit code out. */
import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { ApiFailure, Failure, UsageError } from './failure.ts'
import { cleanText } from './format/terminal.ts'
import type { Io, Writer } from './io.ts'
import { checkArity } from './parser/arity.ts'
import { type Found, findCommand } from './parser/find.ts'
import { type Parsed, parseFlags, type Values } from './parser/flags.ts'
import { globalFlags } from './parser/global-flags.ts'
import { createSession } from './session.ts'
import { createStatusLine, type StatusLine } from './status-line.ts'
import { root } from './tree.ts'

const printHelp = async (found: Found, command: Command | undefined, io: Io): Promise<number> => {
  const { renderHelp } = await import('./parser/help.ts')
  io.stdout.write(renderHelp({ path: found.path, command }))
  return 0
}

/** Word errors of a group, and of what does nothing without a file, outrank help: `get nonsense` must not look like a success. */
async function refuseUnknownWord(found: Found, command: Command | undefined, parsed: Parsed): Promise<void> {
  const word = parsed.args[0]
  const takesNone = found.node.children !== undefined || command?.helpWithout !== undefined
  if (!takesNone || word === undefined) return
  if (parsed.values.file || parsed.values.help) return
  const { renderUnknownCommand } = await import('./parser/suggest.ts')
  throw new Failure(renderUnknownCommand(found.path, word))
}

const isEmpty = (value: Values[string]) => value === '' || (Array.isArray(value) && value.every(text => text === ''))

function requireFlags(command: Command, values: Values): void {
  const missing = Object.entries(command.flags).filter(([name, flag]) => flag.required && isEmpty(values[name]))
  if (missing.length === 0) return
  throw new UsageError(`required flag(s) ${missing.map(([name]) => JSON.stringify(name)).join(', ')} not set`)
}

interface Screen {
  readonly io: Io
  readonly statusLine: StatusLine
}

async function perform(found: Found, command: Command | undefined, { io, statusLine }: Screen): Promise<number> {
  const table = { ...globalFlags, ...command?.flags }
  const parsed = parseFlags(found.rest, table)
  await refuseUnknownWord(found, command, parsed)
  const { helpWithout } = command ?? {}
  const lacksPurpose = helpWithout !== undefined && !parsed.values[helpWithout]
  if (parsed.values.help === true || command === undefined || lacksPurpose) return printHelp(found, command, io)
  checkArity(command.arity, parsed.args.length)
  requireFlags(command, parsed.values)
  const session = createSession({ io, parsed, waitsForever: command.waitsForever === true, statusLine })
  try {
    const { values: flags, given, args } = parsed
    const code = await command.run({ flags, given, args, session, io, root })
    return code ?? exitCodes.success.code
  } catch (thrown) {
    throw io.stderrIsTerminal && !session.isQuiet ? await withHint(thrown, found) : thrown
  } finally {
    session.close()
  }
}

async function withHint(thrown: unknown, { path }: Found): Promise<unknown> {
  if (!(thrown instanceof ApiFailure)) return thrown
  const { findHint } = await import('./hints.ts')
  const hint = findHint(
    path.map(({ name }) => name),
    thrown,
  )
  return hint === undefined ? thrown : new Failure(`${thrown.message}\n${hint}`)
}

async function fail(thrown: unknown, found: Found, io: Io): Promise<number> {
  if (thrown instanceof UsageError) {
    const { renderUsage } = await import('./parser/help.ts')
    const command = await found.node.load?.()
    const message = `Error: ${thrown.message}\n`
    // A long usage text scrolls the reason off a terminal.
    const again = io.stderrIsTerminal ? `\n${message}` : ''
    io.stderr.write(message + renderUsage({ path: found.path, command }) + again)
  } else if (thrown instanceof Failure) io.stderr.write(`${thrown.message}\n`)
  else io.stderr.write(`dispatch itself failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  return thrown instanceof Failure ? thrown.exitCode : exitCodes.failure.code
}

/** Whatever is said on stderr may quote the server; what it quotes must not steer the terminal. */
function createScreen(outside: Io): Screen {
  const statusLine = createStatusLine(outside)
  const write = (writer: Writer, text: string) => {
    statusLine.clear()
    return writer.write(text)
  }
  const stdout = { write: (text: string) => write(outside.stdout, text) }
  const stderr = { write: (text: string) => write(outside.stderr, cleanText(text)) }
  return { io: { ...outside, stdout, stderr }, statusLine }
}

/** Never throws: whatever goes wrong is a message on stderr and an exit code. */
export async function run(argv: readonly string[], outside: Io): Promise<number> {
  const screen = createScreen(outside)
  const found = await findCommand(root, argv, globalFlags)
  try {
    return await perform(found, await found.node.load?.(), screen)
  } catch (thrown) {
    return fail(thrown, found, screen.io)
  }
}
