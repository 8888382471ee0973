using VClusterManager.Server.Clusters.Instances;
using VClusterManager.Server.Clusters.Lifecycle;
using VClusterManager.Server.Clusters.Lifecycle.Steps;
using VClusterManager.Server.Clusters.Orphans;
using VClusterManager.Server.Clusters.Preflight;
using VClusterManager.Server.Clusters.Time;
using VClusterManager.Server.Clusters.Usage;
using VClusterManager.Server.Observability;
using VClusterManager.Server.Work;

namespace VClusterManager.Server.Clusters;

internal static class ClustersSetup
{
    /// <summary>The hall: requests, memory, and the worker that follows them.</summary>
    public static IServiceCollection AddClusters(this IServiceCollection services)
    {
        services.AddSingleton<ClusterView>();
        services.AddSingleton<UnmanagedClusters>();
        services.AddSingleton<ClusterPlaces>();
        services.AddSingleton<ClusterAdmission>();
        services.AddSingleton<RecordedAnswers>();
        services.AddSingleton<IntentStore>();
        services.AddSingleton<IntentInserts>();
        services.AddSingleton<ClusterRequests>();
        services.AddSingleton<ClusterAdoption>();
        services.AddSingleton<ClusterReads>();
        services.AddSingleton<ClusterPages>();
        services.AddSingleton<ClusterWait>();
        services.AddSingleton<ClusterAnswers>();
        services.AddSingleton<ReleaseReads>();
        services.AddSingleton<OrphanScan>();
        services.AddSingleton<OrphanRemoval>();
        services.AddSingleton<StrayDeletes>();

        services.AddSingleton<CliSlots>();
        services.AddSingleton<HostOutages>();
        services.AddSingleton<Ownership>();
        services.AddSingleton<StepLimits>();
        services.AddSingleton<LastWords>();
        services.AddSingleton<NamespaceStep>();
        services.AddSingleton<InstallStep>();
        services.AddSingleton<ReadyStep>();
        services.AddSingleton<KubeconfigStep>();
        services.AddSingleton<PauseStep>();
        services.AddSingleton<ResumeStep>();
        services.AddSingleton<UninstallStep>();
        services.AddSingleton<ForcedRelease>();
        services.AddSingleton<CleanUpStep>();
        services.AddSingleton<GoneStep>();
        services.AddSingleton<StepPlan>();
        services.AddSingleton<ClusterSaves>();
        services.AddSingleton<OperationEnd>();
        services.AddSingleton<StepSaves>();
        services.AddSingleton<OperationRun>();
        services.AddSingleton<IdleCheck>();
        services.AddSingleton<IWorkHandler, ClusterReconciler>();
        services.AddSingleton<TimeIntents>();
        services.AddSingleton<ClockAim>();
        services.AddSingleton<PruneGuard>();
        services.AddSingleton<Pruner>();
        services.AddSingleton<PruneTroubles>();
        services.AddSingleton<ReadinessProblem>(s => s.GetRequiredService<PruneTroubles>().Tell);
        services.AddSingleton<IWorkHandler, ClusterClock>();
        services.AddSingleton<IWorkHandler, PruneSweep>();
        services.AddSingleton<UsageReads>();
        services.AddSingleton<InstanceLease>();
        services.AddSingleton<Rebuild>();
        services.AddHostedService<InstanceKeeper>();
        services.AddSingleton<PreflightCheck>();
        services.AddSingleton<ReadinessProblem>(s => () => s.GetRequiredService<PreflightCheck>().MissingRights);
        services.AddSingleton<ReadinessProblem>(s => () => s.GetRequiredService<PreflightCheck>().NoVolumes);
        services.AddHostedService(s => s.GetRequiredService<PreflightCheck>());
        services.AddHostedService<FeedFollower>();
        services.AddHostedService<HostChanges>();
        services.AddHostedService<StrayWatch>();
        services.AddSingleton<IGauges, ClusterGauges>();
        services.AddSingleton<IGauges, UsageMetrics>();
        services.AddSingleton<IGauges, OrphanGauges>();
        services.AddHostedService<SweepStart>();
        services.AddHostedService<Rehearsal>();
        return services;
    }
}
