/* The live count in the rich text editor: a dialog asks for topic and forms, the text shows the form for many. */
(() => {
  const { React, DraftJS } = window;

  class LiveCountSource extends React.Component {
    componentDidMount() {
      const { entity, entityType } = this.props;
      const known = entity ? new URLSearchParams(entity.getData()).toString() : '';
      this.workflow = window.ModalWorkflow({
        url: `${entityType.formUrl}${known ? `?${known}` : ''}`,
        onload: {
          choose: (modal) => modal.ajaxifyForm(modal.body.find('form')),
          chosen: (modal, data) => modal.respond('chosen', data.result),
        },
        responses: { chosen: (result) => this.insert(result) },
        onError: () => this.props.onClose(),
      });
      this.workflow.container.on('hidden.bs.modal', () => this.props.onClose());
    }

    insert(data) {
      const { editorState, entityType, onComplete, entityKey } = this.props;
      let content = editorState.getCurrentContent();
      let next;
      if (entityKey) {
        content = content.replaceEntityData(entityKey, data);
        next = DraftJS.EditorState.push(editorState, content, 'apply-entity');
      } else {
        const withEntity = content.createEntity(entityType.type, 'IMMUTABLE', data);
        const key = withEntity.getLastCreatedEntityKey();
        const replaced = DraftJS.Modifier.replaceText(
          withEntity, editorState.getSelection(), data.many, null, key,
        );
        next = DraftJS.EditorState.push(editorState, replaced, 'insert-characters');
      }
      this.workflow.close();
      onComplete(next);
    }

    render() {
      return null;
    }
  }

  const LiveCount = ({ children, contentState, entityKey, onEdit }) => {
    const data = contentState.getEntity(entityKey).getData();
    return React.createElement(
      'button',
      {
        type: 'button',
        className: 'TooltipEntity',
        title: `1: ${data.one || '—'} · 0: ${data.none || '—'}`,
        onMouseUp: () => onEdit(entityKey),
      },
      children,
    );
  };

  window.draftail.registerPlugin({
    type: 'LIVE_COUNT', source: LiveCountSource, decorator: LiveCount,
  }, 'entityTypes');
})();
