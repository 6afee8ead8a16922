/** The image that `npm run conformance` names keeps what every runtime promises. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { RuntimeImage } from '../../server/core/execution.ts'
import { testConformance } from '../helpers/conformance.ts'
import { createRealDocker } from '../helpers/real-docker.ts'
import { probes, type RuntimeProbe } from '../helpers/runtime-probes.ts'
import { createTestEngine } from '../helpers/test-engine.ts'
import { type Conformance, conformanceVariable } from './given.ts'

const docker = createRealDocker()
const given: Conformance = JSON.parse(process.env[conformanceVariable] ?? 'null')
if (!given) throw new Error('no image is named: npm run conformance -- --help')

async function loadImage(dockerImage: string): Promise<RuntimeImage> {
  const language = (await docker.findImage(dockerImage))?.labels['io.dispatchframework.solo.language']
  if (language === undefined) throw new Error(`Docker has no runtime image ${dockerImage}: load it, and see its labels`)
  return { dockerImage, language, contract: 'worker' }
}

const readFolder = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))

function chooseProbe(language: string): RuntimeProbe {
  const { probe, linesOnStderr, hasPieces } = given
  if (probe !== undefined)
    return { probe: readFolder(probe), broken: {}, lines: linesOnStderr ? 'stderr' : 'stdout', hasPieces }
  const own = probes[language]
  if (!own) throw new Error(`there is no probe for ${language}: name a folder with one`)
  return own
}

const image = await loadImage(given.image)
const nothing = { 'no file at all': { files: {}, message: /./ } }
const { broken, ...probe } = chooseProbe(image.language)
testConformance(test.serial, {
  ...probe,
  broken: { ...nothing, ...broken },
  image,
  engineFor: (t: ExecutionContext) => createTestEngine(t, { docker }),
})
