using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using VClusterManager.Server.Storage.Migrations.Postgres;

namespace VClusterManager.Server.Storage;

internal sealed class PostgresStore(DbContextOptions<PostgresStore> options) : Store(options)
{
    public override string NewestMigration => Newest<Initial>();

    public override FormattableString CountTables(string name) =>
        $"SELECT count(to_regclass(quote_ident({name})))::int AS \"Value\"";
}

/// <summary>For <c>dotnet ef</c>, which only compares models: it connects to nothing.</summary>
internal sealed class PostgresStoreDesign : IDesignTimeDbContextFactory<PostgresStore>
{
    public PostgresStore CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresStore>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
