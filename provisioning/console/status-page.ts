/** The page that stands on the screen day and night: which sections it has, in groups with a blank line between. */
import type { Section } from './fold.ts'
import { renderAddresses, renderError, renderFaults, renderFingerprints, renderHealth } from './machine-sections.ts'
import { gap, type Room, roomIn } from './sections.ts'
import { renderCode, renderReasons, renderState, renderTrial, renderUrls } from './state-sections.ts'
import type { Shown } from './view.ts'

type Render = (shown: Shown, room: Room) => Section | undefined

const groups: readonly (readonly Render[])[] = [
  [renderState, renderReasons],
  [renderTrial],
  [renderCode, renderUrls],
  [renderAddresses],
  [renderFingerprints],
  [renderHealth],
  [renderFaults, renderError],
]

/** In the order of the screen. All text in `shown` is printable already. */
export function renderStatus(shown: Shown, screen: { columns: number; nowMs: number }): readonly Section[] {
  const room = roomIn(screen)
  return groups
    .map(group => group.map(render => render(shown, room)).filter(section => section !== undefined))
    .filter(group => group.length > 0)
    .flatMap(group => [gap, ...group])
}
