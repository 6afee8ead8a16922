/** The functions that the bench creates. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packBytes } from '../../cli/source/archive.ts'
import manifest from '../../package.json' with { type: 'json' }
import type { Rest } from './rest.ts'
import { reachReady } from './rest.ts'

/** Those that every figure is taken in. */
export const languages = ['python3', 'nodejs'] as const
export type Language = (typeof languages)[number]
/** Those that have a greeting. */
export type Speaker = Language | 'java'

const fileNames: Record<Speaker, string> = { python3: 'hello.py', nodejs: 'hello.js', java: 'Hello.java' }

/** The example that each runtime comes with. */
export const greetingPath = (language: Speaker): string =>
  fileURLToPath(new URL(`../../server/runtimes/${language}/example/${fileNames[language]}`, import.meta.url))
export const greetingSource = (language: Speaker): string => readFileSync(greetingPath(language), 'utf8')

export const runtimeImage = (language: Speaker): string => `dispatch-solo/${language}:${manifest.version}`

/** Takes a second, without using the processor. */
export const sleepingSource: Record<Language, string> = {
  python3: 'import time\n\ndef handle(context, payload):\n    time.sleep(1)\n',
  nodejs: 'module.exports = () => new Promise(resolve => setTimeout(resolve, 1000))\n',
}

export interface FunctionSpec {
  name: string
  language: Speaker
  source?: string
  /** Milliseconds of a call. */
  timeout?: number
}

export async function functionBody({ name, language, source = greetingSource(language), ...limits }: FunctionSpec) {
  return { name, image: language, ...limits, source: await packBytes(fileNames[language], Buffer.from(source)) }
}

export async function createFunction(rest: Rest, spec: FunctionSpec): Promise<void> {
  await rest.send('POST', '/v1/function', await functionBody(spec))
  await reachReady(rest, `/v1/function/${spec.name}`)
}
