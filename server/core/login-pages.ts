/** The pages by which people log in, as those who render them need to know. */

/** Somewhere else to log in: at an issuer. */
export interface LoginProvider {
  label: string
  path: string
}

export interface LoginView {
  /** Where the login leads, in a sentence. */
  purpose: string
  /** The place itself, to be sent back. */
  rd: string
  /** To be sent back: what shows that the form came from this very page. */
  formKey: string
  user: string
  /** Why the last try failed. */
  problem?: string
  providers: readonly LoginProvider[]
}

export interface CodeView {
  problem?: string
}

export interface ConfirmView {
  user: string
  code: string
  /** From which the code was asked for. */
  address: string
  formKey: string
}

export interface TextView {
  title: string
  text: string
}

export interface Page {
  html: string
  headers: Record<string, string>
}

/** `formLeadsTo`: origins beside this server to which an answer to the form may lead. */
export interface LoginPages {
  login(view: LoginView, formLeadsTo: readonly string[]): Page
  code(view: CodeView): Page
  confirm(view: ConfirmView): Page
  text(view: TextView): Page
}
