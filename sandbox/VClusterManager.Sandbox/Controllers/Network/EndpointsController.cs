using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Controllers.Loop;
using VClusterManager.Sandbox.Json;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Controllers.Network;

/// <summary>Writes down which pods stand behind each Service, as Endpoints and as EndpointSlices.</summary>
internal sealed class EndpointsController(ControllerContext context) : IController
{
    public void Observe(ResourceDefinition resource, Change change, WorkQueue queue)
    {
        if (resource == ResourceCatalog.Services)
        {
            queue.Add(new WorkItem(this, change.Object.Namespace, change.Object.Name));
        }
        else if (resource == ResourceCatalog.Pods)
        {
            foreach (var service in context.Store.List(ResourceCatalog.Services, change.Object.Namespace).Objects)
            {
                if (
                    LabelSelector.FromMap(service.Json.Object("spec", "selector"))?.Matches(change.Object.Labels)
                    == true
                )
                {
                    queue.Add(new WorkItem(this, service.Namespace, service.Name));
                }
            }
        }
    }

    public void Reconcile(string ns, string name, WorkQueue queue)
    {
        var service = context.Store.Find(ResourceCatalog.Services, ns, name);
        if (service is null)
        {
            DropEndpoints(ns, name);
            return;
        }

        if (service.Deleting || LabelSelector.FromMap(service.Json.Object("spec", "selector")) is not { } selector)
        {
            return;
        }

        var pods = context
            .Store.List(ResourceCatalog.Pods, ns)
            .Objects.Where(pod =>
                selector.Matches(pod.Labels) && pod.Json.Text("status", "podIP") is not null && !pod.Deleting
            )
            .ToList();
        Write(ResourceCatalog.Endpoints, ns, name, EndpointForms.Endpoints(service, pods));
        Write(ResourceCatalog.EndpointSlices, ns, SliceName(service), EndpointForms.Slice(service, pods));
    }

    private static string SliceName(StoredObject service) => $"{service.Name}-{service.Uid[..5]}";

    private void Write(ResourceDefinition resource, string ns, string name, JsonObject wanted)
    {
        if (context.Store.Find(resource, ns, name) is null)
        {
            wanted.Ensure("metadata")["name"] = name;
            context.Registry.Create(resource, ns, wanted, WriteOptions.ControllerManager);
            return;
        }

        context.Registry.Update(
            resource,
            ns,
            name,
            json =>
            {
                foreach (var (member, value) in wanted.Where(member => member.Key != "metadata"))
                {
                    json[member] = value?.DeepClone();
                }

                json.Ensure("metadata")["labels"] = wanted["metadata"]?["labels"]?.DeepClone();
                return json;
            },
            WriteOptions.ControllerManager
        );
    }

    private void DropEndpoints(string ns, string name)
    {
        if (
            context.Store.Find(ResourceCatalog.Endpoints, ns, name) is { } endpoints
            && endpoints.Labels.Text("endpoints.kubernetes.io/managed-by") is not null
        )
        {
            context.Registry.TryDelete(ResourceCatalog.Endpoints, endpoints, DeleteOptions.Now);
        }
    }
}
