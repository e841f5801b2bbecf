import { Migration } from '@mikro-orm/migrations';

/** An operator looks for a driver who gives their name on the telephone. */
export class Migration20261123000500 extends Migration {
  override up(): void {
    this.addSql("SET LOCAL lock_timeout = '1s'");
    this.addSql('CREATE INDEX driver_name ON driver (lower(name))');
  }
}
