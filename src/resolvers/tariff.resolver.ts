import { Resolver } from 'type-graphql';
import type { TariffType as Shown } from '../schema/tariff.ts';
import { TariffType } from '../schema/tariff.ts';
import { shownTariff } from './lot-views.ts';
import { registerNode } from './node.resolver.ts';

registerNode('tar', async ({ loaders }, { lotId, id }): Promise<Shown | null> => {
  const tariff = lotId === null ? undefined : await loaders.tariff({ lotId, id });
  return tariff ? shownTariff(tariff) : null;
});

@Resolver(() => TariffType)
export class TariffResolver {}
