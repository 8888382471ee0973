using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Loop;

/// <summary>
/// Something that keeps a kind of object as it should be. A change only says where to look again; what to do is
/// decided from what is there then, so that looking twice does no harm.
/// </summary>
internal interface IController
{
    /// <summary>Called for every change, in order and quickly: it may only add to the queue.</summary>
    void Observe(ResourceDefinition resource, Change change, WorkQueue queue);

    /// <summary>Brings one object nearer to what it should be.</summary>
    void Reconcile(string ns, string name, WorkQueue queue);
}
