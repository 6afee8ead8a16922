/** No text of any page is outside the catalogues, and nothing that is put into one is taken for HTML. */
import test from 'ava'
import { readEntries } from '../../../../../provisioning/setup/entries.ts'
import { renderDone } from '../../../../../provisioning/setup/pages/done.ts'
import { renderForm } from '../../../../../provisioning/setup/pages/form.ts'
import type { View } from '../../../../../provisioning/setup/pages/layout.ts'
import { renderConfirm, renderTrial } from '../../../../../provisioning/setup/pages/network.ts'
import { renderReview } from '../../../../../provisioning/setup/pages/review.ts'
import {
  renderClaimed,
  renderOver,
  renderRefused,
  renderRolledBack,
  renderStarting,
} from '../../../../../provisioning/setup/pages/states.ts'
import { english, type TextKey } from '../../../../../provisioning/setup/texts/english.ts'

/** Every text is a mark; what is no mark and has letters was written into a page. */
const said = new Set<TextKey>()
const say: View['say'] = (key, values = {}) => {
  said.add(key)
  return english[key] === '' ? '' : `⟦${Object.values(values).join(' ')}⟧`
}
const view: View = { language: { id: 'en', name: '⟦⟧', say }, say, token: 't0', isLook: true }

const hostile = '"><script>alert(1)</script>&\'`'
const given: Record<string, string> = { addressing: 'fixed', certificate: 'own' }
const hostileEntries = readEntries(name => given[name] ?? hostile)
const plainEntries = readEntries(() => '')
/** Of everything there is, with this text wherever one comes from outside. */
function pagesOf(entries: typeof plainEntries, text: string): string[] {
  const problem = { field: 'address', told: text } as const
  const claimed = {
    outcome: 'claimed',
    organization: text,
    hosts: [text],
    host: text,
    failures: [{ step: text, problem: text }],
  } as const
  return [
    renderForm(view, { entries, present: { 'network.DNS': text } }),
    renderForm(view, { entries, problems: [problem], notice: text, remark: text, hasLostSecrets: true }),
    renderReview(view, { entries, draft: text, moves: { address: text } }),
    renderReview(view, { entries, draft: text, moves: { address: undefined } }),
    renderReview(view, { entries, draft: 'd', trouble: { text }, asksCode: true, problems: [problem] }),
    ...(['key', 'password', 'both'] as const).map(sshLogin => renderDone(view, { ...claimed, sshLogin })),
    renderTrial(view, { addresses: [text], secondsLeft: 90, draft: text }),
    renderConfirm(view, { secondsLeft: 90, trouble: { text } }),
    ...[renderClaimed(view), renderOver(view), renderOver(view, 'd'), renderRolledBack(view), renderStarting(view)],
    ...(['foreign', 'large', 'unreadable', 'nowhere', 'failed'] as const).map(why => renderRefused(view, why)),
  ]
}

const withoutCode = (html: string): string =>
  html.replace(/<(style|script|pre|code)\b[^>]*>.*?<\/\1>/gs, '').replace(/<input[^>]*id="user"[^>]*>/, '')
const textsOf = (html: string): string[] => withoutCode(html).split(/<[^>]*>/)
const labelsOf = (html: string): string[] =>
  [...withoutCode(html).matchAll(/ (?:aria-label|title|placeholder|alt|data-copied)="([^"]*)"/g)].map(
    ([, text = '']) => text,
  )

test('no text is outside the catalogues', t => {
  // The languages call themselves by their own names.
  const allowed = /⟦[^⟧]*⟧|Deutsch|English/g
  for (const html of pagesOf(plainEntries, ''))
    for (const text of [...textsOf(html), ...labelsOf(html)])
      t.notRegex(text.replaceAll(allowed, '').replaceAll(/&[a-z]+;|https:/g, ''), /\p{L}/u)
})

test('every text of the catalogue is used, but for what is told after a request', t => {
  for (const entries of [hostileEntries, plainEntries]) pagesOf(entries, 'x')
  const later = /^(complaint|problem)\.|^form\.secretsAgain$/
  t.deepEqual(
    Object.keys(english).filter(key => !said.has(key as TextKey) && !later.test(key)),
    [],
  )
})

test('whatever is put into a page stays text', t => {
  for (const html of pagesOf(hostileEntries, hostile)) {
    t.is([...html.matchAll(/<script/g)].length, 1)
    t.false(html.includes('alert(1)</script>'))
    t.notRegex(html, / style=| on\w+=/)
  }
})
