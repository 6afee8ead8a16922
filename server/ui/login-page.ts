/** The pages of a login: no script, nothing loaded from anywhere, no frame around them. */
import { createHash } from 'node:crypto'
import type {
  CodeView,
  ConfirmView,
  LoginPages,
  LoginProvider,
  LoginView,
  Page,
  TextView,
} from '../core/login-pages.ts'
import { type Html, html, nothing } from './html.ts'
import { loginStyle } from './login-style.ts'

const style = createHash('sha256').update(loginStyle).digest('base64')

/** Browsers apply `form-action` to where the answer to a form leads, too. */
const headersFor = (formLeadsTo: readonly string[]): Record<string, string> => ({
  'content-security-policy': [
    `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; frame-ancestors 'none'`,
    ['form-action', "'self'", ...formLeadsTo].join(' '),
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // Without it browsers say of the form that it comes from nowhere.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
})

const renderPage = (title: string, content: Html, formLeadsTo: readonly string[] = []): Page => ({
  headers: headersFor(formLeadsTo),
  html: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Dispatch Solo</title>
<style>${{ html: loginStyle }}</style>
</head>
<body>
<main>
<p class="product">Dispatch Solo</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.html,
})

const renderProblem = (problem: string | undefined): Html =>
  problem === undefined ? nothing : html`<p class="problem" role="alert">${problem}</p>`

const renderProviders = (providers: readonly LoginProvider[]): Html =>
  providers.length === 0
    ? nothing
    : html`<p class="or">or</p>${providers.map(
        ({ label, path }) => html`<a class="button other" href="${path}">Log in with ${label}</a>`,
      )}`

const renderLogin = ({
  purpose,
  rd,
  formKey,
  user,
  problem,
  providers,
}: LoginView): Html => html`<p class="soft">${purpose}</p>
${renderProblem(problem)}
<form method="post" action="/v1/iam/oauth2/start">
<input type="hidden" name="rd" value="${rd}">
<input type="hidden" name="formKey" value="${formKey}">
<label for="user">User</label>
<input id="user" name="user" value="${user}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="256"${
  user === '' ? html` autofocus` : nothing
}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"${
  user === '' ? nothing : html` autofocus`
}>
<button type="submit">Log in</button>
</form>
${renderProviders(providers)}`

const renderCode = ({
  problem,
}: CodeView): Html => html`<p class="soft">Enter the code that the device or the terminal shows.</p>
${renderProblem(problem)}
<form method="get" action="/v1/iam/device">
<label for="code">Code</label>
<input id="code" class="code" name="code" placeholder="XXXX-XXXX" autocomplete="off" autocapitalize="characters" spellcheck="false" required maxlength="20" autofocus>
<button type="submit">Continue</button>
</form>`

const renderConfirm = ({
  user,
  code,
  address,
  formKey,
}: ConfirmView): Html => html`<p>The device at <strong>${address}</strong> shows the code
<strong class="code">${code}</strong> and asks to act as <strong>${user}</strong>.</p>
<p class="soft">Allow it only if you started this login yourself and see the same code there.</p>
<form method="post" action="/v1/iam/device">
<input type="hidden" name="code" value="${code}">
<input type="hidden" name="formKey" value="${formKey}">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="refuse" class="other">Refuse</button>
</form>`

const renderText = ({ text }: TextView): Html => html`<p>${text}</p>`

export const loginPages: LoginPages = {
  login: (view, formLeadsTo) => renderPage('Log in', renderLogin(view), formLeadsTo),
  code: view => renderPage('Log in a device', renderCode(view)),
  confirm: view => renderPage('Let this device in?', renderConfirm(view)),
  text: view => renderPage(view.title, renderText(view)),
}
