/** The writer's and the verifier's memory does not grow with the disk: measured in processes of their own. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import test from 'ava'
import { packOva } from '../../../ova/pack.ts'
import { writeRawDisk } from '../../unit/ova/support/raw-disk.ts'
import { createScratch } from '../../unit/ova/support/scratch.ts'
import { applianceFacts } from '../../unit/ova/support/spoil.ts'

const mib = 1024 * 1024
/** The verifier's share is mostly inflated grains that wait for the garbage collector, about 70 MiB whatever the size. */
const allowedBytes = { writer: 64 * mib, verifier: 96 * mib }
const modules = { writer: resolve('ova/vmdk.ts'), verifier: resolve('ova/verify.ts') }

/**
 * The most memory that a process has held after running `code`. Linux counts VmHWM from exec on; the maximum that
 * getrusage gives would begin with that of the test process.
 */
function measure(code: string): number {
  const read = `(await import('node:fs')).readFileSync('/proc/self/status', 'utf8')`
  const script = `${code}\nconsole.log(/^VmHWM:\\s*(\\d+) kB$/m.exec(${read})[1] * 1024)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }))
}

test('2 GiB with 160 MiB of data cost the writer no more than 64 MiB above an idle process', async t => {
  const scratch = await createScratch(t)
  const places = Array.from({ length: 40 }, (_, at) => ({ byte: at * 50 * mib, seed: `${at}`, bytes: 4 * mib }))
  await writeRawDisk(scratch('raw'), 2048 * mib, places)
  const idleBytes = measure(`await import(${JSON.stringify(modules.writer)})`)
  const args = [scratch('raw'), scratch('disk.vmdk')].map(path => JSON.stringify(path)).join()
  const write = `const { writeVmdk } = await import(${JSON.stringify(modules.writer)})
    await writeVmdk(${args}, { fileName: 'disk.vmdk' })`
  const writerBytes = measure(write) - idleBytes
  t.true(writerBytes <= allowedBytes.writer, `the writer took ${Math.ceil(writerBytes / mib)} MiB`)
  const ovaPath = scratch('sample.ova')
  await packOva({ rawPath: scratch('raw'), ovaPath, facts: applianceFacts, mtimeSeconds: 0 })
  const verify = `const { verifyOva } = await import(${JSON.stringify(modules.verifier)})
    const checks = await verifyOva(${JSON.stringify(ovaPath)})
    if (checks.some(({ findings }) => findings.length > 0)) throw new Error(JSON.stringify(checks))`
  const verifierBytes = measure(verify) - idleBytes
  t.true(verifierBytes <= allowedBytes.verifier, `the verifier took ${Math.ceil(verifierBytes / mib)} MiB`)
  t.log(`writer ${Math.ceil(writerBytes / mib)} MiB, verifier ${Math.ceil(verifierBytes / mib)} MiB above idle`)
})
