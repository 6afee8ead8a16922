/** Writes docs/reference/: the API from the operations of a server that serves nobody, the rest from data. */
import { writeFileSync } from 'node:fs'
import { renderReference } from '../../cli/reference/markdown.ts'
import { root } from '../../cli/tree.ts'
import { properties } from '../../ova/properties.ts'
import { renderPropertyReference } from '../../ova/property-table.ts'
import { parseScriptArguments } from '../../packer/script.ts'
import { describe } from '../../server/http/document/describe.ts'
import { renderMarkdown } from '../../server/http/document/markdown.ts'
import { createTestApp } from './test-app.ts'

const help = `Usage: npm run docs

Writes docs/reference/api.md, cli.md and ovf-properties.md from operations, commands and properties. Takes no arguments.`

parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 0 })
const teardowns: (() => unknown)[] = []
const { app } = await createTestApp({ teardown: work => void teardowns.push(work) })
function write(name: string, text: string): void {
  const path = `docs/reference/${name}`
  writeFileSync(new URL(`../../${path}`, import.meta.url), text)
  console.log(`written: ${path}`)
}
write('cli.md', await renderReference(root))
write('ovf-properties.md', renderPropertyReference(properties))
write('api.md', renderMarkdown(app.operations.map(describe)))
for (const teardown of teardowns) await teardown()
