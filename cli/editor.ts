/** Owns the way of a text through the editor of the user: in a file that nobody else can read and that does not stay. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeFileError, Failure } from './failure.ts'
import type { Io } from './io.ts'
import { splitShellWords } from './parser/shell-words.ts'

/** Throws Failure. */
function parseEditor(line: string): readonly [program: string, ...args: string[]] {
  const words = splitShellWords(line)
  if (words === undefined) throw new Failure(`EDITOR has a quote without its end: ${line}`)
  const [program = 'vi', ...args] = words
  return [program, ...args]
}

async function runEditor(io: Io, file: string): Promise<void> {
  const [program, ...args] = parseEditor(io.env.EDITOR ?? '')
  const code = await io.runProgram(program, [...args, file]).catch(thrown => {
    throw new Failure(`${describeFileError(thrown, 'start', program)}; set EDITOR to the editor to use`)
  })
  if (code !== 0) throw new Failure(`exit status ${code}`)
}

/** The text as it was left. `name` ends in what tells the editor its language. Throws Failure. */
export async function editText(io: Io, { name, text }: { name: string; text: string }): Promise<string> {
  const directory = await mkdtemp(join(io.tempDir, 'dispatch-edit-')).catch(thrown => {
    throw new Failure(describeFileError(thrown, 'write', io.tempDir))
  })
  try {
    const file = join(directory, name)
    await writeFile(file, text, { mode: 0o600 })
    await runEditor(io, file)
    return await readFile(file, 'utf8').catch(thrown => {
      throw new Failure(describeFileError(thrown, 'read', file))
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
