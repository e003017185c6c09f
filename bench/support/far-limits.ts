/** All limits are checked; those on one viewer are as far away as the bench is one viewer. */
export const farLimits =
  'rate=1000000000,executionsPerViewer=20,connectionsPerViewer=40,queueMs=30000,loopDelayMs=10000'
