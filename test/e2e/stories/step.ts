/** Owns what a step of a story is, and whether what a command did is what the step says. */
import type { CliResult } from '../../helpers/live-server.ts'
import type { Missing } from './missing.ts'

/** Subset of a JSON value: objects may have more members, arrays may not be longer, a pattern stands for a text. */
export type Wanted = string | number | boolean | null | RegExp | readonly Wanted[] | { readonly [name: string]: Wanted }

export interface CommandStep {
  /** Behind `dispatch`; words with blanks in them stand in single quotes. */
  readonly run: string
  /** All of stdout. */
  readonly prints?: string | RegExp
  /** What the JSON on stdout holds. */
  readonly has?: Wanted
  /** All of stderr, and the exit code is 1. */
  readonly fails?: string | RegExp
  /** Asked again until it holds: the object is changing. */
  readonly until?: true
  /** The step holds for today; it changes when this is there. */
  readonly waitsFor?: Missing
}

/** A request to the gateway. */
export interface FetchStep {
  /** Method and path. */
  readonly fetch: string
  readonly overTls?: true
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** 200 without it. */
  readonly status?: number
  /** What the JSON of the answer holds; without it the answer is empty. */
  readonly has?: Wanted
  /** Headers of the answer, among others. */
  readonly shows?: Readonly<Record<string, string>>
}

/** What cannot be asked of this version at all. */
export interface LaterStep {
  readonly later: string
  readonly waitsFor: Missing
}

/** Deletes every object, as the suites do between each other. */
export interface CleanStep {
  readonly clean: readonly string[]
}

export type Step = CommandStep | FetchStep | LaterStep | CleanStep

export interface Case {
  readonly title: string
  readonly steps: readonly Step[]
}

export const splitWords = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))

export function isLike(actual: unknown, wanted: Wanted): boolean {
  if (wanted instanceof RegExp) return typeof actual === 'string' && wanted.test(actual)
  if (Array.isArray(wanted))
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, index) => isLike(actual[index], item))
    )
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted
  if (typeof actual !== 'object' || actual === null) return false
  const members = new Map(Object.entries(actual))
  return Object.entries(wanted).every(([name, value]) => isLike(members.get(name), value))
}

const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text === wanted : wanted.test(text)

function isJsonLike(text: string, wanted: Wanted): boolean {
  try {
    return isLike(JSON.parse(text), wanted)
  } catch {
    return false
  }
}

/** Whether the command did what the step says; without `prints` and `has` its output is of no interest. */
export function holds({ prints, has, fails }: CommandStep, { code, stdout, stderr }: CliResult): boolean {
  if (fails === undefined ? code !== 0 || stderr !== '' : code !== 1 || !matches(stderr, fails)) return false
  if (prints !== undefined && !matches(stdout, prints)) return false
  return has === undefined || isJsonLike(stdout, has)
}

export interface FetchResult {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly text: string
}

/** Whether the gateway answered what the step says. */
export function answers({ status = 200, has, shows = {} }: FetchStep, result: FetchResult): boolean {
  if (result.status !== status) return false
  if (Object.entries(shows).some(([name, value]) => result.headers.get(name) !== value)) return false
  return has === undefined ? result.text === '' : isJsonLike(result.text, has)
}

export const postsJson = (path: string, input: object, greeting: string, method = 'POST'): FetchStep => ({
  fetch: `${method} ${path}`,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(input),
  has: { myField: greeting },
})

export const reaches = (kind: string, name: string, status = 'READY'): CommandStep => ({
  run: `get ${kind} ${name} -o json`,
  has: { status },
  until: true,
})

/** What another language needs; today the object ends in ERROR. */
export const reachesLater = (kind: string, name: string, waitsFor: Missing): CommandStep => ({
  ...reaches(kind, name, 'ERROR'),
  waitsFor,
})

const seeds = ['nodejs', 'python3', 'powershell', 'java']
const seedTitles = [...seeds.map(name => `BaseImage: ${name}-base`), ...seeds.map(name => `Image: ${name}`)]
export const renderLines = (word: string, titles: readonly string[]): string =>
  titles.map(title => `${word} ${title}\n`).join('')
export const seedLines = (word: string, order = seedTitles): string => renderLines(word, order)
export const reversedSeedLines = (word: string): string => seedLines(word, seedTitles.toReversed())

/** The seed set as far as this version has its languages. */
export const seedReady: readonly Step[] = [
  reaches('image', 'nodejs'),
  reaches('image', 'python3'),
  reachesLater('image', 'powershell', 'powershell'),
  reaches('image', 'java'),
]
