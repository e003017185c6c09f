import { day, type Instant, midnight } from './instant.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'

interface PlannedRow {
  readonly id: string
  readonly name: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export interface PlannedProvider extends PlannedRow {
  readonly slug: string
}

export interface PlannedModel extends PlannedRow {
  readonly providerId: string
  readonly contextWindow: number
  readonly enabled: boolean
}

const providerNames = ['Borealis', 'Ember', 'Halcyon', 'Lumière', 'Meridian', 'Parallax', 'Quill']
const modelNames = ['Compact', 'Deep', 'Everyday', 'Fast', 'Vision']

export function planProviders(plan: SeedPlan): readonly PlannedProvider[] {
  const rowId = plan.rowId('AiProvider')
  return Array.from({ length: plan.counts.aiProviders }, (_, index) => {
    // Two at a time, and the last with a name that is there already.
    const createdAt = midnight('2024-01-10') + 471 + Math.floor(index / 2) * 30 * day
    const name = index < plan.counts.aiProviders - 1 ? providerNames[index] : providerNames[0]
    return {
      id: rowId(index, createdAt),
      createdAt,
      updatedAt: createdAt,
      name: name ?? `Provider ${index}`,
      slug: `provider-${index + 1}`,
    }
  })
}

export function planModels(
  plan: SeedPlan,
  providers: readonly PlannedProvider[],
): readonly PlannedModel[] {
  const random = plan.random('models')
  const rowId = plan.rowId('AiModel')
  return Array.from({ length: plan.counts.aiModels }, (_, index) => {
    const provider = providers[index % providers.length]
    if (!provider) throw new RangeError('a model needs a provider')
    const createdAt = provider.createdAt + Math.floor(index / providers.length) * 20 * day
    return {
      id: rowId(index, createdAt),
      createdAt,
      updatedAt: createdAt,
      providerId: provider.id,
      name: random.pick(modelNames),
      contextWindow: random.pick([8_192, 32_768, 131_072, 131_072, 1_000_000]),
      // The first stays enabled, so that there is one to talk to.
      enabled: index === 0 || random.chance(0.8),
    }
  })
}

export function providerTable(providers: readonly PlannedProvider[]): SeedTable {
  return defineSeedTable({
    name: 'AiProvider',
    columns: { ...commonColumns, name: 'text', slug: 'text' },
    planned: providers.length,
    rows: () => providers.map((provider) => ({ ...provider })),
  })
}

export function modelTable(models: readonly PlannedModel[]): SeedTable {
  return defineSeedTable({
    name: 'AiModel',
    columns: {
      ...commonColumns,
      providerId: 'uuid',
      name: 'text',
      contextWindow: 'int',
      enabled: 'boolean',
    },
    planned: models.length,
    rows: () => models.map((model) => ({ ...model })),
  })
}
