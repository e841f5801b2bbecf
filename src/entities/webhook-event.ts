import { defineEntity, p } from '@mikro-orm/postgresql';

/** The webhook deliveries that have been acted on; a repeated one is answered and ignored. */
const schema = defineEntity({
  name: 'WebhookEvent',
  tableName: 'webhook_event',
  properties: {
    provider: p.text().primary(),
    id: p.text().primary(),
    type: p.text(),
    receivedAt: p.datetime(3),
  },
});

export class WebhookEvent extends schema.class {}
schema.setClass(WebhookEvent);
