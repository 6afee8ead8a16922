/** What keys do on each page. */
import type { Key } from './keys.ts'
import { isWaiting } from './lock.ts'
import { wishOf } from './menu.ts'
import { editForm, faultsOf, refuseForm, valuesOf } from './network-form.ts'
import type { Around, Change, Page, View } from './view.ts'
import { begin, closePage, openPage, wish } from './wishes.ts'

const maxPasswordLength = 1024
const isNamed = (key: Key, name: string): boolean => key.kind === 'named' && key.name === name

export function pressKey(view: View, key: Key, around: Around): Change {
  const { page } = view
  if (page.kind === 'waiting') return { view }
  if (page.kind === 'status') {
    const wanted = wishOf(key, around.shown)
    return wanted === undefined ? { view } : wish(view, wanted, around.nowMs)
  }
  if (isNamed(key, 'Escape')) return { view: closePage(view) }
  switch (page.kind) {
    case 'password':
      return typePassword(view, page, { key, nowMs: around.nowMs })
    case 'confirm':
      return isNamed(key, 'Enter') ? confirm(view, page) : { view }
    case 'network':
      return isNamed(key, 'Enter')
        ? tryNetwork(view, page)
        : { view: openPage(view, { ...page, form: editForm(page.form, key) }) }
    case 'trial':
      if (!isNamed(key, 'Enter')) return { view }
      return begin(view, { kind: 'keep-network' }, { text: 'Keeping the network', after: page })
  }
}

type PageOf<Kind extends Page['kind']> = Extract<Page, { kind: Kind }>

function typePassword(view: View, page: PageOf<'password'>, { key, nowMs }: { key: Key; nowMs: number }): Change {
  const { typed } = page
  const typing = (text: string): Change => ({
    view: openPage(view, { ...page, typed: text.slice(0, maxPasswordLength) }),
  })
  if (key.kind === 'char') return typing(typed + key.char)
  if (key.name === 'Backspace') return typing([...typed].slice(0, -1).join(''))
  if (key.name === 'ClearField') return typing('')
  if (key.name !== 'Enter' || typed === '' || isWaiting(view.lock, nowMs)) return { view }
  const after: Page = { kind: 'password', wish: page.wish, typed: '' }
  return begin(view, { kind: 'verify-password', text: typed }, { text: 'Checking the password', after })
}

function confirm(view: View, { wish: confirmed }: PageOf<'confirm'>): Change {
  const text = confirmed === 'reboot' ? 'Rebooting' : 'Shutting down'
  return begin(view, { kind: confirmed }, { text, after: { kind: 'status' }, isLast: true })
}

function tryNetwork(view: View, page: PageOf<'network'>): Change {
  const faults = faultsOf(page.form)
  const after: Page = { ...page, form: refuseForm(page.form, faults) }
  if (faults.length > 0) return { view: openPage(view, after) }
  const effect = { kind: 'change-network', values: valuesOf(page.form) } as const
  return begin(view, effect, { text: 'Changing the network', after })
}
