using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>What is remembered of who did what.</summary>
internal static class AuditSection
{
    public static readonly KeySection Section = new("audit", "What is remembered of who did what.");

    private static readonly Key<int> RetentionDays = Section.Add(
        new Key<int>(Types.Integer(1, 3650))
        {
            Name = "retention_days",
            Default = "90",
            Doc = "Days after which an entry of the audit is removed from the database.",
        }
    );

    public static AuditOptions Read(ConfigurationValues values) =>
        new() { Retention = TimeSpan.FromDays(values.Get(RetentionDays)) };
}
