/** The files that the guide to the first boot shows are taken as they stand there. */
import test from 'ava'
import { readText } from '../../../provisioning/firstboot/preview/read-text.ts'
import { renderPreview } from '../../../provisioning/firstboot/preview/render.ts'
import { loadPage } from './pages.ts'

const { text } = loadPage('docs/guides/first-boot.md')
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? ''

for (const [language, form] of [
  ['xml', 'ovf-env.xml'],
  ['yaml', 'user-data'],
] as const)
  test(`every value of the ${form} is taken, and the instance claimed`, t => {
    const given = readText(block(language))
    t.is(given.form, form)
    const preview = renderPreview(given, Date.now())
    t.false(preview.hasFaults, preview.text)
    t.regex(preview.text, /is claimed/)
  })

test('the table that it shows is given', t => {
  const [, shown = ''] = /\$ npm run --silent plan .*\n([\s\S]*?)```/.exec(text) ?? []
  const lines = 'network.ip0=10.0.0.5/24\nnetwork.gateway=10.0.1.1\n'
  t.is(renderPreview(readText(lines), Date.now()).text.split('\n\n')[0], shown.trimEnd())
})
