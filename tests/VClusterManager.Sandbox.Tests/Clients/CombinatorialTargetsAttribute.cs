using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>Runs a test against the host and against the virtual cluster, once for each set of further arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialTargetsAttribute(params string[] further) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    )
    {
        var rows =
            from target in Enum.GetValues<Target>()
            from argument in further.DefaultIfEmpty()
            select argument is null ? new TheoryDataRow(target) : new TheoryDataRow(target, argument);
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. rows]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
