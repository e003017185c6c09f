/** Preloaded by a process whose clock is to be ahead: `CHECKER_AHEAD_MS`, which may be negative. */
const aheadMs = Number(process.env.CHECKER_AHEAD_MS ?? 0)
const RealDate = Date
const now = RealDate.now.bind(RealDate)

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now() + aheadMs)
    else super(...args)
  }

  static now() {
    return now() + aheadMs
  }
}
