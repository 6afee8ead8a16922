/** The pages of the appliance as a file say what is checked, and which properties there are. */
import test from 'ava'
import { properties } from '../../../ova/properties.ts'
import { renderPropertyReference } from '../../../ova/property-table.ts'
import { schema } from '../../../ova/verify/schema.ts'
import { verifyOva } from '../../../ova/verify.ts'
import { createScratch } from '../ova/support/scratch.ts'
import { packSample } from '../ova/support/spoil.ts'
import { loadPage } from './pages.ts'

test('docs/reference/ovf-properties.md is what npm run docs writes', t => {
  const isSame = loadPage('docs/reference/ovf-properties.md').text === renderPropertyReference(properties)
  t.true(isSame, 'docs/reference/ovf-properties.md is older than the properties: run npm run docs')
})

test('docs/reference/ova.md has every claim, and no other', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  const claims = (await verifyOva(ovaPath)).map(({ claim }) => claim.replace(/^sample-disk1\.vmdk: /, ''))
  const { text } = loadPage('docs/reference/ova.md')
  const headings = [...text.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading)
  t.deepEqual(headings.sort(), [...claims, 'the certificate signs the manifest'].sort())
})

test('docs/reference/ova.md has the schema as it is checked', t => {
  const { text } = loadPage('docs/reference/ova.md')
  for (const [name, { attributes = '', content = '' }] of Object.entries(schema)) {
    const cells = [name, attributes, content.replaceAll('|', '\\|')].map(cell => cell.replace(/\s+/g, ' '))
    t.true(text.includes(`| ${cells.join(' | ')} |\n`), name)
  }
})
