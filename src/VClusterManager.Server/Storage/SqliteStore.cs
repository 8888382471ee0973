using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using VClusterManager.Server.Storage.Migrations.Sqlite;

namespace VClusterManager.Server.Storage;

internal sealed class SqliteStore(DbContextOptions<SqliteStore> options) : Store(options)
{
    public override string NewestMigration => Newest<Initial>();

    public override FormattableString CountTables(string name) =>
        $"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = {name}";
}

/// <summary>For <c>dotnet ef</c>, which only compares models: it opens no file.</summary>
internal sealed class SqliteStoreDesign : IDesignTimeDbContextFactory<SqliteStore>
{
    public SqliteStore CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteStore>().UseSqlite().UseSnakeCaseNamingConvention().Options);
}
