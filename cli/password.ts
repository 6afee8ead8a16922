/** Owns where a command has passwords from: standard input when that is asked for, else a person at the terminal. */
import type { Invocation } from './command.ts'
import { Failure } from './failure.ts'
import type { FlagTable } from './flag.ts'

export const passwordFlags = {
  'password-stdin': { kind: 'toggle', summary: 'read passwords from standard input, one a line' },
} as const satisfies FlagTable

type Part = Pick<Invocation, 'io' | 'flags'>

async function readLines({ io }: Part, questions: readonly string[]): Promise<string[]> {
  const count = questions.length
  const lines = (await io.readInput()).split(/\r?\n/).slice(0, count)
  if (lines.length === count && lines.every(Boolean)) return lines
  const wanted = questions.map(question => question.replace(/: $/, '').toLowerCase()).join(', then ')
  throw new Failure(
    count === 1
      ? 'standard input does not hold a password'
      : `standard input does not hold ${count} passwords, one a line: ${wanted}`,
  )
}

async function ask({ io }: Part, question: string): Promise<string> {
  const answer = await io.askSecret(question)
  if (answer === undefined) throw new Failure('interrupted')
  if (answer === '') throw new Failure('no password was entered')
  return answer
}

/** Throws Failure where there is nobody to ask. */
async function load(part: Part, questions: readonly string[]): Promise<string[]> {
  if (part.flags['password-stdin']) return readLines(part, questions)
  if (!part.io.canAsk()) throw new Failure('there is no terminal to ask for a password: use --password-stdin')
  const answers: string[] = []
  for (const question of questions) answers.push(await ask(part, question))
  return answers
}

export async function loadPassword(part: Part, question: string): Promise<string> {
  const [password = ''] = await load(part, [question])
  return password
}

/** The last of them is new, and typed twice, for nobody sees it. */
export async function loadNewPassword(part: Part, questions: readonly string[]): Promise<string[]> {
  const passwords = await load(part, questions)
  if (part.flags['password-stdin'] || (await ask(part, 'The same again: ')) === passwords.at(-1)) return passwords
  throw new Failure('the two passwords differ')
}
