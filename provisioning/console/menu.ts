/** The keys of the status page: which there are in which state. What is shown and what works come from this one table. */
import type { Key } from './keys.ts'
import { isUnclaimed, type Shown, type Wish } from './view.ts'

export interface MenuKey {
  readonly wish: Wish
  readonly key: string
  /** The same, where a browser or a hypervisor keeps function keys for itself. */
  readonly letter: string
  readonly label: string
}

const menuKeys: readonly (MenuKey & { readonly isThere: (shown: Shown) => boolean })[] = [
  { wish: 'network', key: 'F2', letter: 'n', label: 'Network', isThere: mayChangeNetwork },
  { wish: 'keep-network', key: 'F2', letter: 'n', label: 'Keep network', isThere: isTrying },
  { wish: 'reopen-setup', key: 'F3', letter: 's', label: 'Re-open set-up', isThere: lacksCode },
  { wish: 'reboot', key: 'F8', letter: 'r', label: 'Reboot', isThere: mayBeAsked },
  { wish: 'log-in', key: 'F9', letter: 'l', label: 'Log in', isThere: mayLogIn },
  { wish: 'shut-down', key: 'F10', letter: 'd', label: 'Shut down', isThere: isUp },
]

/** While data are being erased, and before it is known who may ask for what, keys would only do harm. */
function isUp({ status }: Shown): boolean {
  return status.state !== 'resetting'
}

function mayLogIn(shown: Shown): boolean {
  return isUp(shown) && shown.account !== undefined
}

/** Somebody can be asked for a password, or none is needed yet. */
function mayBeAsked({ status, account }: Shown): boolean {
  return status.state !== 'resetting' && status.state !== 'booting' && (isUnclaimed(status) || account !== undefined)
}

function mayChangeNetwork(shown: Shown): boolean {
  return mayBeAsked(shown) && shown.status.trial === undefined
}

function isTrying(shown: Shown): boolean {
  return mayBeAsked(shown) && shown.status.trial !== undefined
}

function lacksCode({ status, code }: Shown): boolean {
  return isUnclaimed(status) && (status.setup?.isOpen !== true || code === undefined)
}

export const menuFor = (shown: Shown): readonly MenuKey[] => menuKeys.filter(({ isThere }) => isThere(shown))

export const isOffered = (wish: Wish, shown: Shown): boolean => menuFor(shown).some(entry => entry.wish === wish)

/** Undefined: the key means nothing here. */
export const wishOf = (key: Key, shown: Shown): Wish | undefined =>
  menuFor(shown).find(entry =>
    key.kind === 'named' ? key.name === entry.key : key.char.toLowerCase() === entry.letter,
  )?.wish
