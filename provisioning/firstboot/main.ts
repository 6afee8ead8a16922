/** `dispatch-firstboot --plan FILE`: what an appliance would make of values, without one and without rights. */
import { readFileSync } from 'node:fs'
import { readText } from './preview/read-text.ts'
import { renderPreview } from './preview/render.ts'

const help = `Usage: dispatch-firstboot --plan FILE

Shows what an appliance would take of the values in FILE, what not and why, and what it would do at its first boot.
FILE is an ovf-env.xml, a user-data of cloud-init (#cloud-config), or lines KEY=VALUE; - is standard input.
Nothing is changed, and no secret is shown.

Exit codes: 0 every value is taken, 1 one is not, 2 FILE cannot be read.
`

/** Answers with the exit code. */
function plan(file: string): number {
  try {
    const { text, hasFaults } = renderPreview(readText(readFileSync(file === '-' ? 0 : file, 'utf8')), Date.now())
    process.stdout.write(text)
    return hasFaults ? 1 : 0
  } catch (thrown) {
    process.stderr.write(`${file}: ${thrown instanceof Error ? thrown.message : thrown}\n`)
    return 2
  }
}

const [verb, file, ...more] = process.argv.slice(2)
const isHelp = verb === '--help' || verb === '-h'
if (verb === '--plan' && file !== undefined && more.length === 0) process.exitCode = plan(file)
else {
  process[isHelp ? 'stdout' : 'stderr'].write(help)
  process.exitCode = isHelp ? 0 : 2
}
