/** A Docker image of an event driver, made of a runtime's image without a network. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runtimeImage } from './runtime-images.ts'

const context = fileURLToPath(new URL('../fixtures/drivers/', import.meta.url))

/** Does what dispatchframework/ticker does; see test/fixtures/drivers/ticker.py. Stays on the machine, as the runtimes' images do. */
export async function buildTickerImage(reference: string): Promise<void> {
  const { dockerImage } = runtimeImage('python3')
  const args = ['build', '--quiet', '--tag', reference, '--build-arg', `BASE=${dockerImage}`, context]
  await promisify(execFile)('docker', args)
}
