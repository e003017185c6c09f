import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createAdmission } from '../../src/guard/admission.ts'
import { createAlarm, type Ringing } from '../../src/guard/alarm.ts'
import { createDeadlines } from '../../src/guard/deadline.ts'
import { createLimits, type Limits } from '../../src/guard/limits.ts'
import { createConnectionShares } from '../../src/guard/share-connections.ts'
import { measureKeptBytes } from '../support/kept-bytes.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'

const never = new AbortController().signal
const aMinute = 60_000

describe('admission', () => {
  test('lets so many run at a time, and the next when one has ended', async () => {
    const admission = open({ executions: 2, executionsPerViewer: 2 })
    const first = await admission.enter('a', never)
    await admission.enter('a', never)
    const third = admission.enter('b', never)
    expect([admission.running, admission.waiting]).toEqual([2, 1])

    first()
    await third
    expect([admission.running, admission.waiting]).toEqual([2, 0])
    first()
    expect(admission.running).toBe(2)
  })

  test('gives a viewer no more than their part, whoever else waits or not', async () => {
    const admission = open({ executions: 10, executionsPerViewer: 3 })
    const own = Array.from({ length: 8 }, () => admission.enter('a', never))
    await Promise.all(own.slice(0, 3))
    const other = await admission.enter('b', never)

    expect([admission.running, admission.waiting]).toEqual([4, 5])
    other()
    expect(admission.running).toBe(3)
  })

  test('lets viewers take turns, however many of their operations wait', async () => {
    const admission = open({ executions: 1, executionsPerViewer: 1 })
    const order: string[] = []
    const first = await admission.enter('greedy', never)
    const run = async (viewer: string) => {
      const leave = await admission.enter(viewer, never)
      order.push(viewer)
      leave()
    }
    const all = [...Array(5).fill('greedy'), 'b', 'c', 'b'].map(run)
    first()
    await Promise.all(all)

    expect(order.slice(0, 4)).toEqual(['greedy', 'b', 'c', 'greedy'])
    expect(order.indexOf('b', 3)).toBeLessThan(6)
  })

  test('lets in so much that those who run may read so many rows together', async () => {
    const admission = open({ executions: 10, executionsPerViewer: 10, rowsAtATime: 1_000 })
    const begun: string[] = []
    const enter = async (viewer: string, rows: number) => {
      const leave = await admission.enter(viewer, never, { rows })
      begun.push(`${viewer} ${rows}`)
      return leave
    }
    // However expensive it is, the first one runs.
    const first = await enter('a', 5_000)
    const heavy = enter('b', 600)
    const light = enter('c', 1)
    const other = enter('d', 500)
    await nextTurn()
    expect(begun).toEqual(['a 5000'])

    first()
    await Promise.all([heavy, light])
    await nextTurn()
    // Nobody passes who waits for room.
    const late = enter('e', 1)
    await nextTurn()
    expect(begun).toEqual(['a 5000', 'b 600', 'c 1'])
    ;(await heavy)()
    await Promise.all([other, late])
    expect(begun.slice(3)).toEqual(['d 500', 'e 1'])
  })

  describe('to somebody who keeps the process busy', () => {
    /** A viewer of whom so many operations ran for a second. */
    async function openBusy(running: number) {
      let now = 0
      const admission = open({ executions: 10, executionsPerViewer: 4 }, {}, () => now)
      const own = await Promise.all(
        Array.from({ length: running }, () => admission.enter('busy', never)),
      )
      now += 1_000
      for (const leave of own) leave()
      const pass = (ms: number) => {
        now += ms
      }
      const most = async (viewer: string) => {
        const asked = Array.from({ length: 6 }, () => admission.enter(viewer, never))
        const begun = admission.running
        const left: (() => void)[] = []
        for (const one of asked) void one.then((leave) => left.push(leave))
        while (left.length < asked.length) {
          await nextTurn()
          left.at(-1)?.()
        }
        for (const leave of left) leave()
        return begun
      }
      return { admission, most, pass }
    }

    test('gives all that one may have as long as nobody else asks', async () => {
      const { most } = await openBusy(4)
      expect(await most('busy')).toBe(4)
    })

    test('gives less while others ask, never nothing, and nobody else less', async () => {
      const { admission, most } = await openBusy(4)
      const leave = await admission.enter('one', never)
      leave()
      expect(await most('busy')).toBe(2)
      for (const other of ['two', 'three', 'four', 'five']) (await admission.enter(other, never))()
      expect(await most('busy')).toBe(1)
      expect(await most('six')).toBe(4)
    })

    test('gives all again soon after the others have gone, or it is calm', async () => {
      const gone = await openBusy(4)
      ;(await gone.admission.enter('one', never))()
      gone.pass(2_000)
      expect(await gone.most('busy')).toBe(4)

      const calm = await openBusy(4)
      calm.pass(3_000)
      ;(await calm.admission.enter('one', never))()
      expect(await calm.most('busy')).toBe(4)
    })

    test('says who has as much as is theirs', async () => {
      const { admission } = await openBusy(4)
      ;(await admission.enter('one', never))()
      expect(admission.isAtShare('busy')).toBe(false)
      await admission.enter('busy', never)
      await admission.enter('busy', never)
      expect([admission.isAtShare('busy'), admission.isAtShare('one')]).toEqual([true, false])
    })
  })

  test('refuses at once what comes when too many wait', async () => {
    const admission = open({ executions: 1, queued: 2 })
    await admission.enter('a', never)
    admission.enter('b', never).catch(() => {})
    admission.enter('c', never).catch(() => {})

    await expect(admission.enter('d', never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  test('refuses at once who would wait too long, by how long operations take', async () => {
    let now = 0
    const admission = open({ executions: 1, queueMs: 20_000 }, {}, () => now)
    const slow = await admission.enter('a', never)
    now = 1_000_000
    slow()
    // It took so long that the mean is above 20 s: one may wait, no second one.
    const running = await admission.enter('a', never)
    const first = admission.enter('b', never)
    first.catch(() => {})

    expect(() => admission.expect('c')).toThrow('Too many requests wait')
    await expect(admission.enter('c', never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(admission.waiting).toBe(1)
    running()
    await first
  })

  test('expects no turn for nobody while everybody runs at once', async () => {
    const admission = open({ executions: 2 })
    await admission.enter('a', never)

    expect(() => admission.expect('b')).not.toThrow()
    expect([admission.running, admission.waiting]).toEqual([1, 0])
  })

  test('refuses what has waited too long, and forgets it', async () => {
    const admission = open({ executions: 1, queueMs: 1 })
    await admission.enter('a', never)

    await expect(admission.enter('b', never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(admission.waiting).toBe(0)
  })

  test('forgets who hangs up while waiting', async () => {
    const admission = open({ executions: 1 })
    const hangUp = new AbortController()
    const leave = await admission.enter('a', never)
    const waiting = admission.enter('b', hangUp.signal)
    hangUp.abort(new Error('gone'))

    await expect(waiting).rejects.toThrow('gone')
    leave()
    expect([admission.running, admission.waiting]).toEqual([0, 0])
  })

  test('refuses while the event loop is late, but never when nothing runs', async () => {
    let delay = 1_000
    const admission = open({ loopDelayMs: 200 }, { loopDelayMs: () => delay })
    const leave = await admission.enter('a', never)
    await expect(admission.enter('b', never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    delay = 100
    await admission.enter('b', never)
    leave()

    expect(admission.running).toBe(1)
  })

  test('lets wait while statements queue for connections', async () => {
    let queued = 50
    const admission = open({ executions: 20 }, { waitingStatements: () => queued })
    const leave = await admission.enter('a', never)
    const second = admission.enter('b', never)
    expect(admission.waiting).toBe(1)
    queued = 0
    leave()
    await second

    expect(admission.running).toBe(1)
  })

  function open(limits: Partial<Limits>, pressure = {}, nowMs?: () => number) {
    const overrides = { executions: 10, executionsPerViewer: 10, queueMs: aMinute, ...limits }
    const calm = { loopDelayMs: () => 0, waitingStatements: () => 0 }
    const given = createLimits({ production: true, overrides })
    return createAdmission(given, { ...calm, ...pressure }, nowMs)
  }
})

describe('connections', () => {
  test('of one viewer are never more than their share, and others get theirs', async () => {
    const waiting: (() => void)[] = []
    let running = 0
    let most = 0
    const shares = createConnectionShares(
      {
        async query() {
          running += 1
          most = Math.max(most, running)
          await new Promise<void>((resolve) => waiting.push(resolve))
          running -= 1
          return []
        },
      },
      3,
    )
    const ask = (viewer: string) => shares(viewer).query({ name: '', text: '' }, [])
    const greedy = [...Array(10)].map(() => ask('greedy'))
    await Promise.resolve()
    expect(most).toBe(3)
    const other = ask('other')
    await Promise.resolve()
    expect(running).toBe(4)

    for (let turn = 0; turn < 30; turn += 1) {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all([...greedy, other])
    expect(most).toBe(4)
  })

  test('are given back by statements that fail', async () => {
    const shares = createConnectionShares(
      {
        async query() {
          throw new Error('broken')
        },
      },
      1,
    )
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(shares('a').query({ name: '', text: '' }, [])).rejects.toThrow('broken')
    }
  })
})

describe('a deadline', () => {
  test('aborts with what a client understands', async () => {
    using deadline = createDeadlines(1)(never)
    await new Promise<void>((resolve) => deadline.signal.addEventListener('abort', () => resolve()))

    expect(deadline.signal.reason).toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  test('aborts when the client hangs up, even if that was before', () => {
    const hangUp = new AbortController()
    const open = createDeadlines(aMinute)
    using early = open(hangUp.signal)
    hangUp.abort('gone')
    using late = open(hangUp.signal)

    expect([early.signal.reason, late.signal.reason]).toEqual(['gone', 'gone'])
  })

  test('comes for each at its own time, though one timer serves all', async () => {
    const alarm = createAlarm()
    const rung: string[] = []
    await new Promise<void>((resolve) => {
      const ringAfter = (ms: number, name: string, then = () => {}): Ringing => {
        const ring = () => {
          rung.push(name)
          then()
        }
        const one = { atMs: performance.now() + ms, place: null, ring }
        alarm.set(one)
        return one
      }
      ringAfter(15, 'last', resolve)
      const over = ringAfter(5, 'over')
      ringAfter(1, 'first', () => ringAfter(1, 'second'))
      alarm.unset(over)
    })

    expect(rung).toEqual(['first', 'second', 'last'])
  })

  test('keeps nothing of those for whom it was called off', async () => {
    const alarm = createAlarm()
    const open: Ringing[] = []
    const ask = () => {
      const held = Array.from({ length: 1_000 }, (_, index) => ({ index }))
      const one = { atMs: performance.now() + aMinute, place: null, held, ring: () => {} }
      alarm.set(one)
      open.push(one)
      // Three are under way at any time, as on a server.
      const over = open.length > 3 ? open.shift() : null
      if (over) alarm.unset(over)
    }

    expect(await measureKeptBytes(ask)).toBeLessThan(8_000)
    for (const one of open) alarm.unset(one)
  })
})

describe.runIf(testDatabaseKind() === 'postgresql')('on a server', () => {
  test('a statement that outlives the deadline is cancelled, and the answer is 408', async () => {
    await using app = await startTestApp({ env: { LOADLINE_LIMITS: 'requestMs=300' } })
    const waiting = () =>
      app.prisma.$queryRaw<unknown[]>`SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`
    const locked = await app.prisma.$transaction(
      async (tx) => {
        await tx.$executeRawUnsafe('LOCK TABLE "Course" IN ACCESS EXCLUSIVE MODE')
        const { status, errors } = await app.query('{ courses { nodes { title } } }')
        for (let turn = 0; turn < 500 && (await waiting()).length > 0; turn += 1) {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
        return { status, code: errors?.[0]?.extensions.code, left: await waiting() }
      },
      { timeout: 20_000 },
    )

    expect(locked).toEqual({ status: 408, code: 'REQUEST_TIMEOUT', left: [] })
  })
})
