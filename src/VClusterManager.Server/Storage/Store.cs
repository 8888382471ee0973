using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using VClusterManager.Server.Storage.Model;

namespace VClusterManager.Server.Storage;

/// <summary>
/// The database: one model for SQLite and PostgreSQL. Each has its own derived context, since each has its own
/// migrations. What the two cannot do alike is kept out of the model: times are UTC ticks (SQLite cannot compare
/// <see cref="DateTimeOffset"/>), enums are words, and structures inside a row are JSON text.
/// </summary>
internal abstract class Store(DbContextOptions options) : DbContext(options)
{
    /// <summary>The newest of the migrations that the program brings.</summary>
    public abstract string NewestMigration { get; }

    /// <summary>SQL that counts tables of a name: one or none.</summary>
    public abstract FormattableString CountTables(string name);

    public DbSet<ClusterRow> Clusters => Set<ClusterRow>();

    public DbSet<OperationRow> Operations => Set<OperationRow>();

    public DbSet<OperationLogRow> OperationLog => Set<OperationLogRow>();

    public DbSet<ClusterEventRow> ClusterEvents => Set<ClusterEventRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<WorkItemRow> WorkItems => Set<WorkItemRow>();

    public DbSet<SettingRow> Settings => Set<SettingRow>();

    public DbSet<FeedRow> Feed => Set<FeedRow>();

    public DbSet<CounterRow> Counters => Set<CounterRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<ClusterTokenRow> ClusterTokens => Set<ClusterTokenRow>();

    public DbSet<ClusterActivityRow> ClusterActivity => Set<ClusterActivityRow>();

    public DbSet<WebhookDeliveryRow> WebhookDeliveries => Set<WebhookDeliveryRow>();

    public DbSet<PullRequestRow> PullRequests => Set<PullRequestRow>();

    public DbSet<UsageSpanRow> UsageSpans => Set<UsageSpanRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    protected static string Newest<TMigration>()
        where TMigration : Migration => typeof(TMigration).GetCustomAttribute<MigrationAttribute>()!.Id;

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Nobody waits for a database here: use SaveChangesAsync.");

    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        RefuseUnnumbered();
        RaiseRowVersions();
        await UsageSpans.FollowAsync(ChangeTracker, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) => StoreModel.Describe(modelBuilder);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        StoreModel.DescribeValues(configurationBuilder);

    // Only the end of a transaction knows their numbers: what is saved before would be seen out of order.
    private void RefuseUnnumbered()
    {
        if (ChangeTracker.Entries<FeedRow>().Any(entry => entry.State == EntityState.Added && entry.Entity.Id <= 0))
        {
            throw new InvalidOperationException("Save first, and add to the feed after it: see FeedNumbers.");
        }
    }

    // The version that was read stays the one that the UPDATE is conditional on; only the new one is set here.
    private void RaiseRowVersions()
    {
        foreach (var entry in ChangeTracker.Entries<ClusterRow>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
            {
                entry.Entity.RowVersion = entry.Property(row => row.RowVersion).OriginalValue + 1;
            }
        }

        foreach (var entry in ChangeTracker.Entries<PullRequestRow>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
            {
                entry.Entity.Version = entry.Property(row => row.Version).OriginalValue + 1;
            }
        }
    }
}
