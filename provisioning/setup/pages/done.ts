/** The last page: complete in one answer, since nothing serves this page after it. */
import { type Html, html, nothing } from '../../../server/ui/html.ts'
import type { Claimed } from '../../appliance/control.ts'
import { describeFailure } from '../../appliance/failures.ts'
import { nextSteps, planFirstSteps } from '../first-steps.ts'
import type { Say } from '../texts/languages.ts'
import { renderPage, type View } from './layout.ts'
import { renderSummary } from './problems.ts'

export interface DoneView extends Claimed {
  /** By which the reader reached it. */
  readonly host: string
}

const renderBlock = (
  id: string,
  text: string,
  say: Say,
): Html => html`<div class="block"><button type="button" class="copy" data-copy="${id}" data-copied="${say('done.copied')}" hidden>${say('done.copy')}</button>
<pre tabindex="0" id="${id}"><code>${text}</code></pre></div>`

const renderHosts = ({ hosts }: DoneView, say: Say): Html =>
  hosts.length === 0
    ? nothing
    : html`<p>${say('done.moved')} ${hosts.map(
        (host, index) => html`${index > 0 ? ', ' : ''}<strong class="technical">${host}</strong>`,
      )}.</p>`

/** The claim holds all the same. */
const renderFailures = ({ failures }: DoneView, say: Say): Html =>
  failures.length === 0
    ? nothing
    : renderSummary(
        {
          title: say('done.failed.title'),
          text: say('done.failed.text'),
          detail: html`<ul lang="en">${failures.map(failure => html`<li>${describeFailure(failure)}</li>`)}</ul>`,
        },
        say,
      )

export function renderDone(view: View, claimed: DoneView): string {
  const { say } = view
  const { host, organization, sshLogin } = claimed
  const steps = planFirstSteps({ host, organization })
  const content = html`<div class="middle"><div class="lead"><p class="tick" aria-hidden="true"></p><h1>${say('done.title')}</h1>
<p>${say('done.console')} ${say('done.intro')}</p>${renderHosts(claimed, say)}</div>${renderFailures(claimed, say)}
<section class="card"><h2>${say('done.cli.title')}</h2>
<p>${say('done.cli.intro')}</p>${renderBlock('config', steps.config, say)}
<p>${say('done.cli.trust')}</p>${renderBlock('trust', steps.trust, say)}
<p>${say('done.cli.login')}</p>${renderBlock('login', steps.login, say)}</section>
<section class="card"><h2>${say('done.first.title')}</h2><p>${say('done.first.intro')}</p>
${renderBlock('first', steps.firstFunction, say)}</section>
<section class="card"><h2>${say('done.ssh.title')}</h2><p>${say(`done.ssh.${sshLogin}`)}</p>${renderBlock('ssh', steps.ssh, say)}</section>
<section class="card"><h2>${say('done.next.title')}</h2><ul>
${nextSteps.map(
  ([key, command]) => html`<li>${say(`done.next.${key}`)}: <code>${command}</code></li>`,
)}</ul></section></div>`
  return renderPage(view, { title: say('done.title'), stage: 'done', content })
}
