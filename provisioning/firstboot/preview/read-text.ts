/** A file of values for `--plan`, in any of the forms in which an appliance gets them, and as lines for people. */
import { readCloudConfig, type Taken } from '../sources/cloud-config.ts'
import { parseOvfEnvironment } from '../sources/ovf-environment.ts'

export interface Given extends Taken {
  /** What it was taken for. */
  readonly form: string
}

function readLines(text: string): Given {
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''))
  const numbered = lines.map((line, at) => ({ line, number: at + 1, cut: line.indexOf('=') }))
  const filled = numbered.filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
  const faults = filled
    .filter(({ cut }) => cut < 1)
    .map(({ number }) => ({ key: `line ${number}`, problem: 'it is not KEY=VALUE', instead: 'it is left out' }))
  const pairs = filled.filter(({ cut }) => cut >= 1)
  return {
    form: 'KEY=VALUE',
    values: Object.fromEntries(pairs.map(({ line, cut }) => [line.slice(0, cut).trim(), line.slice(cut + 1)])),
    faults,
  }
}

/** Throws an Error where it is XML or YAML that cannot be read. */
export function readText(text: string): Given {
  const start = text.trimStart()
  if (start.startsWith('<')) return { form: 'ovf-env.xml', values: parseOvfEnvironment(start), faults: [] }
  if (/^#cloud-config\s/.test(start)) return { form: 'user-data', ...readCloudConfig(start, '') }
  return readLines(text)
}
