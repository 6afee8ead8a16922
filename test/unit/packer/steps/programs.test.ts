/** What a bake does again when only our own programs changed. */
import test from 'ava'
import { debian } from '../../../../packer/bases/debian.ts'
import { builders, planGuest } from '../../../../packer/builders.ts'
import { planBake } from '../../../../packer/plan.ts'
import type { Done, Inputs } from '../../../../packer/step.ts'

const archive = { mirrors: () => Promise.reject(new Error('no network')), state: '' }
const lock = { suite: 'trixie', packages: {} }
const rest = { archive, lock, version: '1', commit: 'c', tools: {}, accelerator: 'tcg', files: [], beside: [] } as const
const steps = planBake({ base: debian, guest: planGuest(debian, builders.qemu, {}), ...rest })

/** Every output has the same hash but those of the step `changed`. */
const after = (changed: string): Done => ({
  file: (step, output) => `/${step}/${output}`,
  hash: (step, output) => `${step}/${output}${step === changed ? ', changed' : ''}`,
  all: () => [],
})

const inputsOf = async (name: string, done: Done): Promise<Inputs> => {
  const step = steps.find(candidate => candidate.name === name)
  return step ? step.inputs(done) : { missing: name }
}

for (const step of ['base-tree', 'base-disk', 'node', 'payload', 'bake'])
  test(`other programs leave ${step} as it is`, async t => {
    for (const changed of ['bundles', 'programs'])
      t.deepEqual(await inputsOf(step, after(changed)), await inputsOf(step, after('none')))
  })

test('other programs are sealed', async t => {
  t.notDeepEqual(await inputsOf('programs', after('bundles')), await inputsOf('programs', after('none')))
  t.notDeepEqual(await inputsOf('seal', after('programs')), await inputsOf('seal', after('none')))
})

test('another payload is another guest', async t => {
  t.notDeepEqual(await inputsOf('bake', after('payload')), await inputsOf('bake', after('none')))
})
