import type { RetiredService } from "./service.ts";

/** MariaDB servers, which are no longer available since that day: https://learn.microsoft.com/previous-versions/azure/mariadb/whats-happening-to-mariadb */
export const mariaDbServer: RetiredService = {
  type: "Microsoft.DBforMariaDB/servers",
  noun: "MariaDB server",
  apiVersion: "2018-06-01",
  since: "2025-09-19",
  link: "https://azure.microsoft.com/updates/azure-database-for-mariadb-will-be-retired-on-19-september-2025-migrate-to-azure-database-for-mysql-flexible-server",
};

/** Azure moves them to flexible servers of the same name, in phases of which no day is told. */
export const mysqlSingleServer: RetiredService = {
  type: "Microsoft.DBforMySQL/servers",
  noun: "MySQL single server",
  apiVersion: "2017-12-01",
  since: "2024-09-16",
  link: "https://learn.microsoft.com/previous-versions/azure/mysql/single-server/whats-happening-to-mysql-single-server",
  mayAnswer: {
    link: "https://learn.microsoft.com/previous-versions/azure/mysql/single-server/whats-happening-to-mysql-single-server#forced-migration-post-sunset-date",
  },
};

/** Azure moves them like those of MySQL, but for the private ones. */
export const postgresqlSingleServer: RetiredService = {
  type: "Microsoft.DBforPostgreSQL/servers",
  noun: "PostgreSQL single server",
  apiVersion: "2017-12-01",
  since: "2025-03-28",
  link: "https://learn.microsoft.com/previous-versions/azure/postgresql/single-server/whats-happening-to-postgresql-single-server",
  mayAnswer: { link: "https://learn.microsoft.com/azure/postgresql/migrate/automigration-private-end-point" },
};
