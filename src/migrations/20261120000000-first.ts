import { Migration } from '@mikro-orm/migrations';
export class Migration20261120000000 extends Migration { override up(): void {} }
