/** How much of the viewer an operation has asked for; the widest scope its answer may be kept under. */
export type Asked = 'nothing' | 'role' | 'identity'

/** Who signed the request, as the database knows them now. */
export interface Identity {
  /** The user's raw id. */
  readonly id: string
  readonly role: string
}

/**
 * Who is asking. There is no other way to learn it, and every question is recorded: an answer that
 * was made without asking is everybody's, one that asked for the role is that role's, one that asked
 * for the identity is that viewer's alone.
 */
export interface Viewer {
  /** The role, or `ANONYMOUS`. Records that the role was asked for. */
  role(): string
  /** The raw user id, or null when anonymous. Records that the identity was asked for. */
  id(): string | null
  readonly asked: Asked
}

const anonymousRole = 'ANONYMOUS'

/**
 * `leaveTags` is called when somebody in particular is first asked about: from then on the answer
 * depends on what the identity was read from.
 */
export function createViewer(identity: Identity | null, leaveTags?: () => void): Viewer {
  const record = () => {
    if (viewer.asked === 'nothing' && identity) leaveTags?.()
  }
  // No getter here: a literal that has one gets a hidden class of its own, which outlives it.
  const viewer = {
    asked: 'nothing' as Asked, // widened, as it will change
    role() {
      record()
      if (viewer.asked === 'nothing') viewer.asked = 'role'
      return identity?.role ?? anonymousRole
    },
    id() {
      record()
      // "Is anybody signed in?" is a question about the role: anonymous is one, and has no identity.
      if (identity) viewer.asked = 'identity'
      else if (viewer.asked === 'nothing') viewer.asked = 'role'
      return identity?.id ?? null
    },
  }
  return viewer
}
