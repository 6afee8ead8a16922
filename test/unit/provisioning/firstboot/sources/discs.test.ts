import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { readDiscs } from '../../../../../provisioning/firstboot/sources/discs.ts'
import type { Run } from '../../../../../provisioning/run.ts'
import { createFolder, renderEnvironment } from './support.ts'

test('a disc that cannot be let go of was read all the same', async t => {
  const [blockDevices, devices, mounts] = [createFolder(t), createFolder(t), createFolder(t)]
  mkdirSync(join(blockDevices, 'sr0'))
  writeFileSync(join(blockDevices, 'sr0/removable'), '1\n')
  /** Mounting puts the file into the folder itself, where nothing takes it away again. */
  const run: Run = async ([program, ...args]) => {
    if (program === 'mount')
      writeFileSync(join(args.at(-1) ?? '', 'ovf-env.xml'), renderEnvironment({ 'network.fqdn': 'a.example.com' }))
    const stdout = program === 'blkid' ? 'TYPE=iso9660\nLABEL=OVF\n' : ''
    return { exitCode: program === 'umount' ? 32 : 0, stdout, stderr: '' }
  }
  const sources = await readDiscs(run, { blockDevices, devices, mounts })
  t.deepEqual(
    sources.map(({ values }) => values),
    [{ 'network.fqdn': 'a.example.com' }],
  )
})
