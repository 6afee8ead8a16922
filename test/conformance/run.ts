/** `npm run conformance -- IMAGE [PROBE]`: runs what every runtime promises against a runtime image, of this repository or of anybody. */
import { spawnSync } from 'node:child_process'
import { parseScriptArguments } from '../../packer/script.ts'
import { type Conformance, conformanceVariable } from './given.ts'

const help = `Usage: npm run conformance -- IMAGE [PROBE] [--stderr-lines] [--no-pieces] [--match PATTERN]

Runs what every runtime promises against a runtime image that Docker has, such as dispatch-solo/nodejs:0.1.0.
docs/reference/runtime-protocol.md says what a runtime is.

  PROBE           folder with the function that is called, in the language of the image;
                  without, that of this repository for the language
  --stderr-lines  the probe prints its lines on standard error, since standard output is the result
  --no-pieces     the runtime gives no results piece by piece
  --match PATTERN only the cases whose titles match`

const { values, positionals } = parseScriptArguments(process.argv.slice(2), {
  help,
  options: {
    'stderr-lines': { type: 'boolean', default: false },
    'no-pieces': { type: 'boolean', default: false },
    match: { type: 'string' },
  },
  maxPositionals: 2,
})
const [image, probe] = positionals
if (image === undefined) {
  console.error('An image is needed (see --help)')
  process.exit(2)
}
const given: Conformance = { image, probe, linesOnStderr: values['stderr-lines'], hasPieces: !values['no-pieces'] }
const match = values.match === undefined ? [] : ['--match', values.match]
const { status } = spawnSync('ava', ['test/conformance/image.test.ts', ...match], {
  stdio: 'inherit',
  env: { ...process.env, [conformanceVariable]: JSON.stringify(given) },
})
process.exitCode = status ?? 1
