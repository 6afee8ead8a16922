import test from 'ava'
import fc from 'fast-check'
import { debian } from '../../../packer/bases/debian.ts'
import { parseEpoch } from '../../../packer/epoch.ts'
import { HostUnfit } from '../../../packer/host.ts'
import { planBake } from '../../../packer/plan.ts'

test('whoever sets SOURCE_DATE_EPOCH gets it, anybody else the base has its own', t => {
  for (const absent of [undefined, '']) t.is(parseEpoch(absent, debian.epoch), debian.epoch)
  fc.assert(
    fc.property(fc.integer({ min: 315_532_800, max: 2 ** 32 - 1 }), epoch => parseEpoch(String(epoch), 1) === epoch),
  )
})

test('what is no time that every file system of the appliance can hold is refused', t => {
  for (const wrong of ['0', '315532799', '4294967296', '-1', '1e9', '1767225600.5', ' 1767225600', 'today'])
    t.throws(() => parseEpoch(wrong, 1), { instanceOf: HostUnfit, message: /^SOURCE_DATE_EPOCH takes whole seconds/ })
})

test('every step that writes times has the epoch in its key', async t => {
  const done = { file: () => '', hash: () => '', all: () => [] }
  const keysOf = async (epoch: number) => {
    const steps = planBake({
      ...{ base: { ...debian, epoch }, guest: { origin: 'tree', source: 'qemu.disk', hasDisks: true, settings: {} } },
      archive: { mirrors: () => Promise.reject(new Error('not asked')), state: '' },
      ...{ lock: { suite: '', packages: {} }, version: '1', commit: '', tools: {}, accelerator: 'tcg' },
      ...{ files: [], beside: [] },
    })
    const keys = steps.map(
      async ({ name, inputs }): Promise<[string, string]> => [name, JSON.stringify(await inputs(done))],
    )
    return new Map(await Promise.all(keys))
  }
  const [own, given] = [await keysOf(debian.epoch), await keysOf(1_800_000_000)]
  t.deepEqual(
    [...own.keys()].filter(name => own.get(name) !== given.get(name)),
    ['base-tree', 'base-disk', 'programs', 'payload', 'seal', 'ova'],
  )
})
