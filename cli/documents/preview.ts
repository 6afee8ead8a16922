/** Owns `apply --dry-run`: what each document would change, from requests that change nothing. */
import { formatWithoutNames } from '../config/settings.ts'
import { type Json, type JsonObject, renderJson } from '../format/json.ts'
import { type Color, cleanText, paint } from '../format/terminal.ts'
import { type CodeChange, type Comparison, compareObject } from './compare.ts'
import { createBody, findExisting, type Work } from './process.ts'
import type { CheckedDocument } from './read.ts'
import { type Job, listNotes, planWork } from './report.ts'

const words = { created: 'Created', changed: 'Changed', unchanged: 'Unchanged' } as const
const colors: Readonly<Record<string, Color>> = { '-': 'red', '+': 'green', '@': 'yellow' }

async function preview(work: Work, document: CheckedDocument): Promise<Comparison> {
  const body = await createBody(work, document)
  const existing = await findExisting(work.preparation.client, document)
  const { organization } = work
  return compareObject(existing, body, { resource: document.kind.resource, organization })
}

const codeNotes: Partial<Record<CodeChange, string>> = {
  other: 'its code differs',
  unknown: 'its code is built anew; the server does not tell what it has',
}

function renderText({ kind, name }: CheckedDocument, { change, diff, code }: Comparison, colored: boolean): string {
  const lines = diff.split('\n').slice(0, -1).map(cleanText)
  const shown = colored ? lines.map(line => paint(line, colors[line.slice(0, 1)])) : lines
  const note = change === 'changed' ? codeNotes[code] : undefined
  return [`${words[change]} ${kind.resource.kind}: ${name} (dry run)`, ...shown, ...(note === undefined ? [] : [note])]
    .map(line => `${line}\n`)
    .join('')
}

const describe = ({ kind, name }: CheckedDocument, comparison: Comparison): JsonObject => ({
  kind: kind.resource.kind,
  name,
  ...comparison,
})

export async function previewJob(job: Job): Promise<number> {
  const { session, io } = job
  const output = formatWithoutNames(await session.settings())
  const work = await planWork(job)
  for (const note of listNotes(work.documents)) io.stderr.write(`${note}\n`)
  const colored = await session.isColored()
  const described: Json[] = []
  for (const document of work.documents) {
    const comparison = await preview(work, document)
    described.push(describe(document, comparison))
    if (output === 'table') io.stdout.write(renderText(document, comparison, colored))
  }
  if (output === 'json') session.print(renderJson(described, 4))
  if (output === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(described))
  return 0
}
