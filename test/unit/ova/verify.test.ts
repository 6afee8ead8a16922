import test from 'ava'
import { verifyOva } from '../../../ova/verify.ts'
import { createScratch } from './support/scratch.ts'
import { applianceFacts, packSample } from './support/spoil.ts'

for (const [name, facts] of [
  ['with properties', {}],
  ['without properties', { facts: applianceFacts }],
] as const)
  test(`what we pack ${name} holds every claim`, async t => {
    const { ovaPath } = await packSample(await createScratch(t), facts)
    const checks = await verifyOva(ovaPath)
    t.is(checks.length, 16)
    t.deepEqual(
      checks.flatMap(({ findings }) => findings),
      [],
    )
  })

test('a file that is not there cannot be verified', async t => {
  const scratch = await createScratch(t)
  await t.throwsAsync(verifyOva(scratch('none.ova')), { code: 'ENOENT' })
})
